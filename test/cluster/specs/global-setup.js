// Says which cluster the specs speak to, and with which kubectl.
import { clusterPlaces } from "../places.ts";
import { kubectlOf } from "../programs.ts";

export default function setUpCluster() {
  const places = clusterPlaces();
  process.env.KNVIRT_TEST_KUBECONFIG = places.kubeconfig;
  process.env.KNVIRT_TEST_KUBECTL = kubectlOf(places);
}
