// Certificates for our own connections: the public surface.
export { type CertificateRequest, issueCertificate } from "./certificate.ts";
export { type Identity, openIdentity, type ShownIdentity, showIdentity, showRenewed } from "./identity.ts";
export type { KeyPair } from "./key-pair.ts";
