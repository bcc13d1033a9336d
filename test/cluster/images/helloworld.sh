#!/bin/sh
# Stands in for the sample image that Code Engine's documentation runs: it greets, shows its environment,
# and ends in a job of mode `task`; in any other mode it goes on until it is stopped.
export PWD

cat <<GREETING
Hello from helloworld! I'm a batch job! Index: ${JOB_INDEX}

Hello World from:
  +--------------------------------+
  |  o--o   o--o     jobs, runs,   |
  |  |  |-->|  |     indexes       |
  |  o--o   o--o     and retries   |
  +--------------------------------+

Some Env Vars:
--------------
GREETING

if [ -n "${SHOW}" ]; then
  env | sort
else
  env | grep -E '^(CE_|JOB_|KUBERNETES_|(HOME|HOSTNAME|PATH|PWD|SHLVL)=)' | sort
  echo "z=Set env var 'SHOW' to see all variables"
fi

[ "${JOB_MODE}" = task ] && exit 0

# A stop from outside is no success, hence the code of a process that SIGTERM ended.
trap 'exit 143' TERM INT
while :; do
  sleep 10 &
  wait $!
  echo "Index ${JOB_INDEX} is still at work"
done
