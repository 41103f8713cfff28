// The VM as it would run: with all that it refers to put in its place. Nothing can be referred to yet but itself.
import type { Answer, Call } from "../subresource.ts";
import { getVm } from "./get-vm.ts";

export const expandSpec = async ({ client, wanted }: Call): Promise<Answer> => ({
  code: 200,
  body: await getVm(client, wanted),
});
