// The order in which etcd keeps the objects of a resource.

export const keyIn = (namespace: string | undefined, name: string): string =>
  namespace ? `${namespace}/${name}` : name;
