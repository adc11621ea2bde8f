#!/usr/bin/env node
// Looks at pages in a real browser: `node pages.mjs PLAN`, where PLAN is JSON.
//
//   origin      where the pages are
//   pages       each with url, viewer, and where wanted cookie, language, status, bytes_max, print, keyboard, buttons
//   journey     a choice is stopped and resumed by keyboard: url, viewer, cookie
//   statuses    pages that no address alone leads to: cookie, act (an address that asks), ledger (a file)
//   sheet       a folder: then pictures are taken and nothing is checked
//
// Each look is one line: `ok  `, `FAIL` or `ERR ` (it could not be taken), with what was found below it. Ends with 0 where nothing is
// wrong, 1 where anything is, 2 where it could not look.

import { launch } from './browser.mjs';
import { buttons } from './buttons.mjs';
import { keyboard, stop_and_resume } from './keyboard.mjs';
import { look } from './look.mjs';
import { pictures, sheet } from './sheet.mjs';
import { foreign, unanswered } from './statuses.mjs';

/** How many pages are looked at together: one is laid out while the next is asked for. */
const TOGETHER = 2;

const plan = JSON.parse(process.argv[2]);
const { origin } = plan;
const browser = await launch().catch((error) => {
  console.error(`cannot start a browser: ${error.message.split('\n')[0]}`);
  process.exit(2);
});
const counted = { ok: 0, fail: 0, err: 0 };

function teller(asked) {
  const { pathname, search } = new URL(asked.url ?? origin);
  return (look_name, { faults, unsure = [] }) => {
    counted[faults.length ? 'fail' : 'ok']++;
    const eye = unsure.length ? `, to judge by eye: ${unsure.join(', ')}` : '';
    console.log([`${faults.length ? 'FAIL' : 'ok  '} ${pathname}${search}  [${look_name}]${eye}`, ...new Set(faults)].join('\n     '));
  };
}

async function attempt(asked, what, work) {
  try {
    return await work();
  } catch (error) {
    counted.err++;
    console.log(`ERR  ${new URL(asked.url ?? origin).pathname}  [${what}]\n     ${error.message.split('\n')[0]}`);
    return undefined;
  }
}

/** Does all the work, so much of it together. */
async function together(works) {
  const waiting = [...works];
  const worker = async () => {
    for (let work = waiting.shift(); work; work = waiting.shift()) await work();
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
}

function whole_look(asked) {
  return async () => {
    const tell = teller(asked);
    await attempt(asked, 'look', () => look(browser, origin, asked, tell));
    if (asked.keyboard) await attempt(asked, 'keyboard', () => keyboard(browser, origin, asked, tell));
    if (asked.buttons) await attempt(asked, 'buttons', () => buttons(browser, origin, asked, tell));
  };
}

if (plan.sheet) {
  const parts = [];
  await together(plan.pages.map((asked) => async () => {
    const part = await attempt(asked, 'pictures', () => pictures(browser, origin, asked, plan.sheet));
    if (part) parts.push(part);
    counted.ok++;
  }));
  console.log(`the sheet is ${sheet(parts, plan.sheet)}`);
} else {
  await together(plan.pages.map(whole_look));
  // After the others, since these change what is shown.
  if (plan.journey) {
    const told = await attempt(plan.journey, 'journey', () => stop_and_resume(browser, origin, plan.journey, teller(plan.journey)));
    await together((told ?? []).map((url) => whole_look({ ...plan.journey, url, keyboard: true })));
  }
  if (plan.statuses) {
    const tell = teller({ url: origin + plan.statuses.act });
    await attempt({}, '403', () => foreign(browser, origin, plan.statuses, tell));
    await attempt({}, '503', () => unanswered(browser, origin, plan.statuses, tell));
  }
}
await browser.close();
console.log(`pages: ${counted.ok} looks passed, ${counted.fail} failed, ${counted.err} could not be taken`);
process.exit(counted.err ? 2 : counted.fail ? 1 : 0);
