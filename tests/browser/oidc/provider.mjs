// Serve a sign-in provider on this machine for the tests: node provider.mjs PORT REDIRECT_URI SECRET
//
// Whoever names an account is signed in as it. "unverified:NAME" has an e-mail address that was never verified.
// The provider insists on PKCE (S256), puts what it knows of an account into the ID token, and asks nobody else.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const [port, redirectUri, secret] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function page(content) {
  return `<!doctype html><html lang="id"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><title>Penyedia masuk</title></head><body>${content}</body></html>`;
}

async function findAccount(_context, id) {
  const unverified = id.startsWith('unverified:');
  const email = unverified ? id.slice('unverified:'.length) : id;
  return {
    accountId: id,
    claims: async () => ({ sub: id, email, email_verified: !unverified, preferred_username: email }),
  };
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'sinergisitas',
      client_secret: secret,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [redirectUri],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'tests' }] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  pkce: { methods: ['S256'], required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
  conformIdTokenClaims: false,
  findAccount,
  interactions: { url: (_context, interaction) => `/masuk/${interaction.uid}` },
  async loadExistingGrant(context) {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      logoutSource: async (context, form) => {
        context.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Keluar dari penyedia</button>`);
      },
      postLogoutSuccessSource: async (context) => {
        context.body = page('<p>Sudah keluar.</p>');
      },
    },
  },
  renderError: async (context, out) => {
    context.body = page(`<pre>${JSON.stringify(out)}</pre>`);
  },
  ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 600, IdToken: 600 },
});

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

const answer = provider.callback();
createServer(async (request, response) => {
  try {
    if (!request.url.startsWith('/masuk/')) {
      answer(request, response);
    } else if (request.method === 'POST') {
      const login = (await body(request)).get('akun');
      await provider.interactionFinished(request, response, login ? { login: { accountId: login } } : { error: 'access_denied' });
    } else {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(
        page(
          '<form method="post"><label>Akun <input name="akun" autofocus></label><button>Lanjut</button></form>',
        ),
      );
    }
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(Number(port), 'localhost', () => console.log('ready'));
