// An independent, certified provider dressed as a national ID, for tests on this machine only.
// Reads its settings (port, clients, people, levels, file of keys) as JSON from its standard input; keeps nothing.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import * as oidc from 'oidc-provider';

const { Provider, interactionPolicy } = oidc;
const told = JSON.parse(fs.readFileSync(0, 'utf8'));
const { levels, people } = told;

function signingKeys(file) {
  if (!fs.existsSync(file)) {
    const name = crypto.randomBytes(4).toString('hex');
    const make = (type, options, alg) => ({
      ...crypto.generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
      use: 'sig',
      alg,
      kid: `${name}-${alg}`,
    });
    const keys = [make('rsa', { modulusLength: 2048 }, 'RS256'), make('ec', { namedCurve: 'P-256' }, 'ES256')];
    fs.writeFileSync(file, JSON.stringify({ keys }), { mode: 0o600 });
  }
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

// A level asked for is a minimum, as national IDs have it: who is signed in below it is asked again
const policy = interactionPolicy.base();
policy.get('login').checks.add(
  new interactionPolicy.Check('step_up', 'a higher level of assurance is needed', (ctx) => {
    const { params, result, session } = ctx.oidc;
    const asked = (params.acr_values ?? '').split(' ').map((acr) => levels.indexOf(acr)).filter((level) => level >= 0);
    const settled = result?.login || !session.accountId || asked.length === 0;
    return !settled && levels.indexOf(session.acr) < Math.min(...asked)
      ? interactionPolicy.Check.REQUEST_PROMPT
      : interactionPolicy.Check.NO_NEED_TO_PROMPT;
  }),
);

const client = (values) => ({
  grant_types: ['authorization_code'],
  response_types: ['code'],
  scope: 'openid',
  subject_type: 'pairwise',
  token_endpoint_auth_method: 'private_key_jwt',
  backchannel_logout_session_required: true,
  ...values,
});

// A client with signed user info finds the person's number there and nowhere else
function claimsFor({ userinfoSignedResponseAlg: signed }, id, use) {
  return { sub: id, ...(!signed || use === 'userinfo' ? { pid: people[id].pid } : {}) };
}

const provider = new Provider(told.issuer, {
  acrValues: levels,
  claims: { openid: ['sub', 'pid'], acr: null, amr: null, auth_time: null, iss: null, sid: null },
  clientAuthMethods: ['private_key_jwt'],
  clients: told.clients.map(client),
  conformIdTokenClaims: false, // the person's number stands in the ID token, as at a national ID
  cookies: { keys: [crypto.randomBytes(16).toString('hex')] },
  enabledJWA: {
    clientAuthSigningAlgValues: ['RS256', 'ES256'],
    idTokenSigningAlgValues: ['RS256', 'ES256'],
    userinfoSigningAlgValues: ['RS256', 'ES256'],
  },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // The usual dispatcher refuses loopback addresses without a word, and so our back channel
  fetch: (url, { dispatcher, ...rest }) => globalThis.fetch(url, rest),
  findAccount: async (ctx, id) => ({ accountId: id, claims: async (use) => claimsFor(ctx.oidc.client, id, use) }),
  interactions: { policy, url: (_, interaction) => `/who/${interaction.uid}` },
  jwks: signingKeys(told.keys),
  async loadExistingGrant(ctx) {
    // Nobody is asked whether a public service may know who they are
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid');
    await grant.save(7200);
    return grant;
  },
  pairwiseIdentifier: async (_, id, { clientId }) =>
    crypto.createHash('sha256').update(`${clientId}|${id}`).digest('base64url'),
  pkce: { required: () => true },
  subjectTypes: ['pairwise'],
  ttl: { AccessToken: 120, AuthorizationCode: 60, Grant: 7200, IdToken: 120, Interaction: 600, Session: 7200 },
});

for (const event of ['server_error', 'authorization.error', 'grant.error', 'backchannel.error', 'end_session.error'])
  provider.on(event, (_, error) => console.error(event, error?.message, error?.error_description ?? ''));
provider.on('pushed_authorization_request.error', (_, error) => console.error('par', error?.error_description));
provider.on('backchannel.success', (_, { clientId }) => console.error('backchannel.success', clientId));

function page({ uid, prompt, params }) {
  const buttons = Object.keys(people).flatMap((key) =>
    levels.map((acr) => `<button name="who" value="${key} ${acr}">${key} ${acr}</button>`),
  );
  return `<!doctype html><html lang="en"><title>Who are you?</title><h1>Who are you?</h1>
<p id="why">${prompt.name} ${prompt.reasons.join(' ')}</p><p id="language">${/^[a-z-]*$/.exec(params.ui_locales ?? '')}</p>
<form method="post" action="/who/${uid}">${buttons.join('')}<button name="who" value="">Cancel</button></form></html>`;
}

async function answered(request, response) {
  let body = '';
  for await (const piece of request) body += piece;
  const [key, acr] = (new URLSearchParams(body).get('who') ?? '').split(' ');
  const result = people[key]
    ? { login: { accountId: key, acr, amr: ['test'], remember: false } }
    : { error: 'access_denied', error_description: 'A text of the provider that nobody should see' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const answer = provider.callback();
const server = http.createServer(async (request, response) => {
  if (!request.url.startsWith('/who/')) return answer(request, response);
  try {
    const details = await provider.interactionDetails(request, response);
    if (request.method === 'POST') return await answered(request, response);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(page(details));
  } catch (error) {
    console.error('who', error.message);
    response.statusCode = 400;
    return response.end();
  }
});
server.listen(told.port, '127.0.0.1', () => console.log('ready'));
