// IBM Code Engine's job model for every Kubernetes cluster: a job is an inert definition, a job run is one run of it, in task or daemon mode.
package jobrun
