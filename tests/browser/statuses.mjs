// Pages that tell a status and that no address alone leads to: a form of another site, and an act while another program has the ledger.

import { spawn } from 'node:child_process';
import { axe, open } from './browser.mjs';

async function look_at(page, status, response, faults, tell) {
  if (response?.status() !== status) faults.push(`answers ${response?.status()}, expected ${status}`);
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const found = await axe(page);
      tell(`${status}, ${width}px ${colorScheme}`, { ...found, faults: [...faults.splice(0), ...found.faults] });
    }
  }
}

/** 403: a page elsewhere posts to an act here. */
export async function foreign(browser, origin, { cookie, act }, tell) {
  const faults = [];
  const { context, page } = await open(browser, origin, { cookie }, faults);
  try {
    const elsewhere = 'http://elsewhere.localhost/';
    await context.route(elsewhere, (route) => route.fulfill({
      contentType: 'text/html',
      body: `<!DOCTYPE html><html lang="en"><title>Elsewhere</title><form method="post" action="${origin}${act}"><button>Go</button></form>`,
    }));
    await page.goto(elsewhere);
    const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click('button')]);
    await look_at(page, 403, response, faults, tell);
  } finally {
    await context.close();
  }
}

/** Holds the right to write to a ledger in a file until `release` is called. */
async function hold(ledger) {
  const program = 'import sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\nc.execute("BEGIN IMMEDIATE")\nprint("held", flush=True)\nsys.stdin.read()';
  const holder = spawn('python3', ['-c', program, ledger], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((held, fails) => {
    holder.stdout.once('data', held);
    holder.once('error', fails);
    holder.once('exit', (code) => fails(new Error(`the ledger cannot be held: python3 ended with ${code}`)));
  });
  return async () => {
    const ended = new Promise((resolve) => { holder.once('exit', resolve); });
    holder.stdin.end();
    await ended;
  };
}

/** 503: an act whose outcome is not known, since the ledger does not answer in time. The act is asked for by GET before. */
export async function unanswered(browser, origin, { cookie, act, ledger }, tell) {
  const faults = [];
  const { context, page } = await open(browser, origin, { cookie }, faults);
  try {
    await page.goto(origin + act, { waitUntil: 'load' });
    const release = await hold(ledger);
    let response;
    try {
      [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click('main form button')]);
    } finally {
      await release();
    }
    await look_at(page, 503, response, faults, tell);
  } finally {
    await context.close();
  }
}
