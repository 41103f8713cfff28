// The container that holds the namespaces of a pod.
module knvirt/cluster/pause

go 1.26.0
