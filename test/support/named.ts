// Objects of a spec, taken away however far the spec came.
import { type Client, isNotFound, type Key, type Resource } from "@knvirt/kubernetes";

export async function removeNamed(client: Client, of: Resource, key: Key): Promise<void> {
  try {
    await client.delete(of, key);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
