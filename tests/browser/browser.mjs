// A Chromium that is installed, driven by playwright-core, with axe. Nothing but this machine is opened: what a page asks of another
// host is blocked and told.

import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
/** How long one step on one page may take. */
const TIMEOUT = 60_000;

/** A fault of a page, in a sentence for whoever has to mend it. */
export class Fault extends Error {}

export function isLoopback(address) {
  const url = new URL(address);
  return ['file:', 'data:', 'about:', 'blob:'].includes(url.protocol)
    || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** CHROMIUM, CHROME_BIN or CHROME_PATH, else what is on the path. */
export function executable() {
  const named = process.env.CHROMIUM || process.env.CHROME_BIN || process.env.CHROME_PATH;
  if (named && !existsSync(named)) throw new Error(`no browser at ${named}`);
  const folders = [...(process.env.PATH || '').split(delimiter), '/usr/bin', '/snap/bin'];
  const found = named || folders.flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (!found) throw new Error('no Chromium found: apt-get install chromium, or set CHROMIUM to its path');
  return found;
}

export async function launch() {
  const profile = mkdtempSync(join(tmpdir(), 'pages-'));
  const browser = await chromium.launch({
    executablePath: executable(),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync', `--crash-dumps-dir=${profile}`],
  });
  browser.on('disconnected', () => rmSync(profile, { recursive: true, force: true }));
  return browser;
}

/**
 * A window of its own, in which nothing is kept from before: `cookie` as NAME=VALUE, `language` as a browser asks for it. What it
 * comes upon is put into `faults`.
 */
export async function open(browser, origin, { cookie, language, width = 1280, scheme = 'light' }, faults) {
  const context = await browser.newContext({
    viewport: { width, height: width < 700 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce', // a half-faded element would be measured in mid-fade
    extraHTTPHeaders: language ? { 'accept-language': language } : {},
    serviceWorkers: 'block',
  });
  context.setDefaultTimeout(TIMEOUT);
  if (cookie) {
    const at = cookie.indexOf('=');
    const name = cookie.slice(0, at);
    // Names with a prefix must be set as from https; Chromium sends them to this machine all the same.
    const url = /^__(Host|Secure)-/.test(name) ? origin.replace(/^http:/, 'https:') : origin;
    await context.addCookies([{ name, value: cookie.slice(at + 1), url }]);
  }
  await context.route('**/*', (route) => {
    if (isLoopback(route.request().url())) return route.continue();
    faults.push(`request to another host: ${new URL(route.request().url()).origin}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    // What the browser says of a picture of its own that it gave up between two pages is no script of theirs.
    if (!error.message.startsWith('Transition was ')) faults.push(`script error: ${error.message.split('\n')[0]}`);
  });
  page.on('console', (message) => {
    const text = message.text().split('\n')[0].slice(0, 200);
    // What the browser says of a status is told by the status itself.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) faults.push(`console error: ${text}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) faults.push(`${response.url()} answers ${response.status()}`);
  });
  return { context, page };
}

/** Has axe look at a page as it is now, but for some rules. It comes by the debugger, so the page's own policy stays in force. */
export async function axe(page, without = []) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  const result = await page.evaluate(([values, rules]) => globalThis.axe.run(document, {
    runOnly: { type: 'tag', values },
    rules,
    resultTypes: ['violations', 'incomplete'],
  }), [TAGS, rules]);
  return {
    rules: result.passes.length,
    unsure: result.incomplete.map((rule) => `${rule.id} (${rule.nodes.length})`),
    faults: result.violations.map((rule) => {
      const nodes = rule.nodes.slice(0, 5).map((node) => {
        const why = (node.failureSummary || '').split('\n').slice(1).join('; ').trim().slice(0, 240);
        return `\n       ${node.target.join(' ')}\n         ${node.html.slice(0, 200).replace(/\s+/g, ' ')}\n         ${why}`;
      });
      const more = rule.nodes.length > 5 ? `\n       and ${rule.nodes.length - 5} more` : '';
      return `${rule.id} (${rule.impact}) ${rule.help}${nodes.join('')}${more}`;
    }),
  };
}
