// Certificates for our own connections: the public surface.
export { type CertificateRequest, issueCertificate, type KeyPair } from "./certificate.ts";
