// What things are called on a test cluster.

/** Where knvirt is installed. */
export const installNamespace = "kubevirt";
/** Where specs put their objects; restricted pod security is enforced there. */
export const testNamespace = "knvirt-test";
/** On what tests make outside their namespace. */
export const testLabel = { "app.kubernetes.io/part-of": "knvirt-test" };

/** Where images are: the cluster of the tests is given them under these names, another one pulls them from a registry. */
const images = process.env.KNVIRT_TEST_IMAGES ?? "dev.local/knvirt/*:dev";

export const clusterImage = (name: string): string => images.replace("*", name);
