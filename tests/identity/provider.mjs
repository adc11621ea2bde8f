// An identity provider on this machine, for tests: oidc-provider with keys of its own, and beside it a few addresses below `/-/` by which
// a test has it forge tokens and change its keys.
//
//     node provider.mjs FOLDER     the folder whose node_modules has oidc-provider
//
// It prints its address as one line of JSON, and runs until its standard input ends.

import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

// What the library says of its defaults goes where nobody takes it for the address.
console.info = console.warn = console.error;

const folder = resolve(process.argv[2]);
const library = join(folder, "node_modules/oidc-provider/lib/index.js");
const { Provider } = await import(pathToFileURL(library));

let number = 0;
let keyRequests = 0;

function newKey() {
  number += 1;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: "jwk" }), kid: `key-${number}`, use: "sig", alg: "RS256" };
  return { jwk, privateKey, publicKey };
}

/** Programs, each with the secret of its name; and the pages, by which people sign in. */
function clients() {
  const program = (name) => ({
    client_id: name,
    client_secret: `secret of ${name}`.replaceAll(" ", "-"),
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
  });
  return [
    program("campaigns"),
    program("stranger"),
    {
      client_id: "pages",
      client_secret: "secret-of-pages",
      redirect_uris: ["http://127.0.0.1:8080/sign-in/return"],
      post_logout_redirect_uris: ["http://127.0.0.1:8080/sign-in/out"],
    },
  ];
}

function provider(issuer, key) {
  return new Provider(issuer, {
    clients: clients(),
    jwks: { keys: [key.jwk] },
    cookies: { keys: ["of tests"] },
    pkce: { required: () => true },
    claims: { openid: ["sub", "customer"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, customer: id.replace(/^id-of-/, "") }) }),
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: "",
          audience: resource,
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token with any header and any claims, signed by whom the test says. */
function forge({ header, claims, by }) {
  const text = `${encoded({ kid: current.key.jwk.kid, ...header })}.${encoded(claims)}`;
  const signatures = {
    none: () => "",
    key: () => sign("sha256", Buffer.from(text), current.key.privateKey),
    other: () => sign("sha256", Buffer.from(text), newKey().privateKey),
    public: () =>
      createHmac("sha256", current.key.publicKey.export({ type: "spki", format: "pem" })).update(text).digest(),
  };
  return `${text}.${Buffer.from(signatures[by]()).toString("base64url")}`;
}

const current = {};

function withNewKey(issuer) {
  current.key = newKey();
  current.answer = provider(issuer, current.key).callback();
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

const server = createServer(async (request, response) => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  switch (request.url) {
    case "/-/forge":
      return response.end(forge(await body(request)));
    case "/-/rotate":
      withNewKey(issuer);
      return response.end();
    case "/-/key-requests":
      return response.end(String(keyRequests));
    case "/jwks":
      keyRequests += 1;
  }
  current.answer(request, response);
});

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  withNewKey(issuer);
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();
