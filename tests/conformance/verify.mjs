// Verifies a credential as a stranger would: node verify.mjs BASE_URL < credential.jwt
// Prints {"id", "issuer", "revoked", "types"} as JSON, or the code of jose's error and exit status 1.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", process.argv[2]));
const options = { algorithms: ["EdDSA"], requiredClaims: ["iss", "jti", "nbf"] };

// What names no key (as ours did before there were several) is tried with each one that fits.
async function verify(token, wanted) {
  try {
    return await jwtVerify(token, keys, wanted);
  } catch (several) {
    if (several.code !== "ERR_JWKS_MULTIPLE_MATCHING_KEYS") throw several;
    for await (const key of several) {
      try {
        return await jwtVerify(token, key, wanted);
      } catch (error) {
        if (error.code !== "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") throw error;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

async function isRevoked(status, issuer) {
  const answer = await fetch(status.statusListCredential);
  const { payload } = await verify(await answer.text(), { ...options, issuer });
  // Multibase "u": base64url without padding. The first entry is the leftmost bit.
  const bits = gunzipSync(Buffer.from(payload.credentialSubject.encodedList.slice(1), "base64url"));
  const index = Number(status.statusListIndex);
  return Boolean(bits[index >> 3] & (0x80 >> (index & 7)));
}

try {
  const { payload } = await verify(readFileSync(0, "utf8").trim(), options);
  const revoked = await isRevoked(payload.credentialStatus, payload.iss);
  console.log(JSON.stringify({ id: payload.jti, issuer: payload.iss, revoked, types: payload.type }));
} catch (error) {
  if (!(error instanceof errors.JOSEError)) throw error;
  console.log(error.code);
  process.exitCode = 1;
}
