// One page in every look: narrow and wide, light and dark, with JavaScript and without, every part open, and printed where that is asked.
//
// The page is loaded once and then only laid out anew, since nothing on it runs. Without JavaScript it is loaded once more: where what
// comes is the same to the byte and has no script in it, the looks are the same as well; otherwise all are taken again.

import { axe, open } from './browser.mjs';

const WIDTHS = [320, 1280];
const SCHEMES = ['light', 'dark'];

/** Loads the page into a window of its own and says what is wrong with how it came. */
async function load(browser, origin, asked, scripts, faults) {
  const { context, page } = await open(browser, origin, asked, faults);
  // Switched off by a debugger session of our own, so that axe can be let in afterwards.
  const debug = scripts ? null : await context.newCDPSession(page);
  await debug?.send('Emulation.setScriptExecutionDisabled', { value: true });
  const sizes = [];
  page.on('requestfinished', (request) => sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize, () => 0)));
  const response = await page.goto(asked.url, { waitUntil: 'load' });
  await debug?.send('Emulation.setScriptExecutionDisabled', { value: false });
  const expected = asked.status ?? 200;
  if (response?.status() !== expected) faults.push(`answers ${response?.status()}, expected ${expected}`);
  const landed = new URL(page.url()).pathname;
  if (landed !== new URL(asked.url).pathname) faults.push(`leads on to ${landed}`);
  const source = response ? await response.text() : '';
  const bytes = (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
  return { context, page, source, bytes };
}

async function looks(page, widths, schemes, tell) {
  await page.evaluate(() => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      const found = await axe(page);
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
      if (wide > 0) found.faults.push(`scrolls sideways by ${wide} px`);
      tell(`${width}px ${colorScheme}`, found);
    }
  }
}

/** Every look at a page; `tell` takes a look's name and what was found, and `asked.bytes_max` is what a cold load may transfer. */
export async function look(browser, origin, asked, tell) {
  const came = [];
  const with_scripts = await load(browser, origin, asked, true, came);
  try {
    if (asked.bytes_max && with_scripts.bytes > asked.bytes_max) came.push(`${with_scripts.bytes} bytes transferred, ${asked.bytes_max} at most`);
    tell(`load, ${with_scripts.bytes} B`, { faults: came.splice(0) });
    await looks(with_scripts.page, WIDTHS, SCHEMES, (name, found) => tell(name, { ...found, faults: [...came.splice(0), ...found.faults] }));
    if (asked.print) {
      await with_scripts.page.emulateMedia({ media: 'print', colorScheme: 'light' });
      // Landmarks are gone about by whoever hears a page, and nobody hears paper.
      const found = await axe(with_scripts.page, ['landmark-unique']);
      const seen = await with_scripts.page.evaluate(() => [...document.querySelectorAll('nav, header.site form')].some((part) => part.checkVisibility()));
      if (seen) found.faults.push('what one only uses on a screen is printed');
      tell('printed', found);
    }
  } finally {
    await with_scripts.context.close();
  }
  const without = await load(browser, origin, asked, false, came);
  try {
    // What differs from one answer to the next by itself: the number of an error.
    const plain = (text) => text.replace(/[0-9a-f]{32}/g, '');
    const same = plain(without.source) === plain(with_scripts.source) && !/<script|<noscript|\son[a-z]+\s*=/i.test(without.source);
    tell(same ? 'no-js, the same page and no script in it' : 'no-js, another page', { faults: came.splice(0) });
    if (!same) await looks(without.page, WIDTHS, SCHEMES, (name, found) => tell(`${name} no-js`, { ...found, faults: [...came.splice(0), ...found.faults] }));
  } finally {
    await without.context.close();
  }
}
