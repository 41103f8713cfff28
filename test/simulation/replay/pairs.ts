// Which name of the model is which name of a server.

export interface Pairs {
  /** Takes it for what is true from now on; answers whether it agrees with what was so far. */
  add(model: string, server: string): boolean;
  /** The name itself where none is known: it is wrong on the server, too. */
  serverOf(model: string): string;
}

export function pairs(): Pairs {
  const servers = new Map<string, string>();
  const models = new Map<string, string>();
  return {
    add: (model, server) => {
      const agrees = (servers.get(model) ?? server) === server && (models.get(server) ?? model) === model;
      servers.set(model, server);
      models.set(server, model);
      return agrees;
    },
    serverOf: (model) => servers.get(model) ?? model,
  };
}
