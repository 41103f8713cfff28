// Who writes, as the API server knows them.

/** Whether it is one of our processes that decide, and not a user, the gateway in a user's name, or the cluster. */
export const isOurs = (user: string): boolean => user.startsWith("knvirt-") && user !== "knvirt-gateway";

/** Part of Kubernetes itself. */
export const isOfCluster = (user: string): boolean => user.startsWith("system:");
