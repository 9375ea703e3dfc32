import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { writeAtomically } from './store';
import {
  AUTHORITY_DAYS,
  CERTIFICATE_BACKDATED_DAYS,
  CERTIFICATE_DAYS,
  DAY,
} from './unknowns';

const generateKeyPair = promisify(crypto.generateKeyPair);

/** Every name that the emulator answers for; one certificate holds them all. */
const NAMES = [
  'management.azure.com',
  'management.core.windows.net',
  'login.microsoftonline.com',
  'login.windows.net',
  'graph.microsoft.com',
  '*.vault.azure.net',
  '*.azurecr.io',
];

export interface Authority {
  caPem: string;
  certificatePem: string;
  privateKeyPem: string;
}

interface Pair {
  certificate: forge.pki.Certificate;
  privateKey: forge.pki.rsa.PrivateKey;
}

/**
 * The authority that the emulator's certificates come from: made when there is none in the directory,
 * kept there, so that clients which trust it go on trusting it. The certificate is new at each start.
 */
export async function openAuthority(directory: string): Promise<Authority> {
  const kept = loadAuthority(directory);
  // Both keys at once: they are most of the time that a start takes.
  const [caKey, leafKey] = await Promise.all([
    kept ? undefined : makeKey(),
    makeKey(),
  ]);
  const ca = kept ?? makeAuthority(directory, caKey!);
  const leaf = makeCertificate(
    { commonName: 'azure-emulator', days: CERTIFICATE_DAYS },
    leafKey,
    ca,
  );
  return {
    caPem: forge.pki.certificateToPem(ca.certificate),
    certificatePem: forge.pki.certificateToPem(leaf.certificate),
    privateKeyPem: forge.pki.privateKeyToPem(leaf.privateKey),
  };
}

const caFileIn = (directory: string) => path.join(directory, 'ca.pem');
const keyFileIn = (directory: string) => path.join(directory, 'ca-key.pem');

function loadAuthority(directory: string): Pair | undefined {
  if (!fs.existsSync(keyFileIn(directory))) {
    return undefined;
  }
  const certificate = forge.pki.certificateFromPem(
    fs.readFileSync(caFileIn(directory), 'utf8'),
  );
  const stillGood = certificate.validity.notAfter > inDays(CERTIFICATE_DAYS);
  return stillGood
    ? {
        certificate,
        privateKey: forge.pki.privateKeyFromPem(
          fs.readFileSync(keyFileIn(directory), 'utf8'),
        ),
      }
    : undefined;
}

function makeAuthority(
  directory: string,
  privateKey: forge.pki.rsa.PrivateKey,
): Pair {
  const ca = makeCertificate(
    { commonName: 'azure-emulator authority', days: AUTHORITY_DAYS },
    privateKey,
  );
  // The key last: where there is a key there is a certificate.
  writeAtomically(
    caFileIn(directory),
    forge.pki.certificateToPem(ca.certificate),
  );
  writeAtomically(
    keyFileIn(directory),
    forge.pki.privateKeyToPem(ca.privateKey),
  );
  return ca;
}

/** Node makes the key: forge would take seconds for it. */
async function makeKey(): Promise<forge.pki.rsa.PrivateKey> {
  const { privateKey } = await generateKeyPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return forge.pki.privateKeyFromPem(privateKey);
}

function makeCertificate(
  { commonName, days }: { commonName: string; days: number },
  privateKey: forge.pki.rsa.PrivateKey,
  issuer?: Pair,
): Pair {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  certificate.serialNumber = `01${crypto.randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = inDays(-CERTIFICATE_BACKDATED_DAYS);
  certificate.validity.notAfter = inDays(days);
  const subject = [{ name: 'commonName', value: commonName }];
  certificate.setSubject(subject);
  certificate.setIssuer(
    issuer ? issuer.certificate.subject.attributes : subject,
  );
  certificate.setExtensions(extensions(issuer));
  sign(certificate, issuer?.privateKey ?? privateKey);
  return { certificate, privateKey };
}

/** A function of forge that its types leave out. */
const pki = forge.pki as typeof forge.pki & {
  getTBSCertificate(certificate: forge.pki.Certificate): forge.asn1.Asn1;
};

/** What `certificate.sign` does, with Node's RSA: forge's own takes a second where Jest runs it. */
function sign(
  certificate: forge.pki.Certificate,
  privateKey: forge.pki.rsa.PrivateKey,
) {
  certificate.md = forge.md.sha256.create();
  certificate.signatureOid = forge.pki.oids.sha256WithRSAEncryption;
  certificate.siginfo.algorithmOid = certificate.signatureOid;
  certificate.tbsCertificate = pki.getTBSCertificate(certificate);
  const bytes = forge.asn1.toDer(certificate.tbsCertificate).getBytes();
  certificate.signature = crypto
    .sign(
      'sha256',
      Buffer.from(bytes, 'binary'),
      forge.pki.privateKeyToPem(privateKey),
    )
    .toString('binary');
}

/** Strict clients (Python 3.13) want the key identifiers and the critical flags to be there. */
function extensions(issuer?: Pair): object[] {
  if (!issuer) {
    return [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ];
  }
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    {
      name: 'keyUsage',
      digitalSignature: true,
      keyEncipherment: true,
      critical: true,
    },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: issuer.certificate
        .generateSubjectKeyIdentifier()
        .getBytes(),
    },
    {
      name: 'subjectAltName',
      altNames: NAMES.map(value => ({ type: 2, value })),
    },
  ];
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * DAY);
}

/** Where systems keep the authorities that they trust, in the order in which they are tried. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Writes a bundle of what this system trusts and our authority, for clients that take one file only. */
export function writeBundle(directory: string, caPem: string): string {
  const system = SYSTEM_BUNDLES.find(file => fs.existsSync(file));
  const bundle = path.join(directory, 'ca-bundle.pem');
  const trusted = system ? fs.readFileSync(system, 'utf8') : '';
  writeAtomically(bundle, `${trusted}\n${caPem}`);
  return bundle;
}
