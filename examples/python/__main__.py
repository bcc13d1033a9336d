import pulumi
from pulumi_jobrun import EnvVarArgs, Job, JobRun, Mode

report = Job(
    "report",
    image="docker.io/library/busybox:1",
    command=["sh", "-c", "echo part $JOB_INDEX of $JOB_ARRAY_SIZE; sleep 1"],
    array_size=3,
    retry_limit=1,
    max_execution_time=300,
    cpu="50m",
    memory="64M",
)

# With the revision the run follows its job: a change of the job makes a new run.
report_run = JobRun("report-run", job=report.name, job_revision=report.revision)

# A run without a job. It starts when the report is complete, and goes on until it is deleted.
reader = JobRun(
    "reader",
    image="docker.io/library/busybox:1",
    command=["sh", "-c", "echo reading the parts $PARTS; trap exit TERM; while true; do sleep 1; done"],
    mode=Mode.DAEMON,
    env=[EnvVarArgs(name="PARTS", value=report_run.status_details.succeeded_indices)],
    cpu="50m",
    memory="64M",
)

pulumi.export("succeeded", report_run.status_details.succeeded_indices)
pulumi.export("reader", reader.name)
pulumi.export("status", reader.status)
