// A page by the keyboard alone: Tab goes through it in the order of the document, every stop is seen, large enough, and left again.

import { open } from './browser.mjs';

/** WCAG 2.5.8: the least a target may measure, in CSS pixels. */
const TARGET = 24;
/** What shows where one is: at least so thick, in CSS pixels. */
const OUTLINE = 2;
/** A field has no more parts than these: year, month, day, and what shows a calendar. */
const PARTS = 4;
/** More stops than these are a trap, whatever the page says of itself. */
const STOPS_MAX = 2_000;

/** In the page: numbers what can be reached by Tab, in the order of the document. */
function number_stops() {
  document.querySelectorAll('details').forEach((part) => { part.open = true; });
  const selector = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const stops = [...document.querySelectorAll(selector)].filter((stop) => stop.tabIndex >= 0 && !stop.disabled && stop.checkVisibility({ visibilityProperty: true }));
  stops.forEach((stop, number) => stop.setAttribute('data-stop', number));
  return { stops: stops.length, jumps: stops.filter((stop) => stop.tabIndex > 0).length };
}

/** In the page: what has the focus, and how it is seen. */
function focused() {
  const stop = document.activeElement;
  if (!stop || stop === document.body || stop === document.documentElement) return null;
  const style = getComputedStyle(stop);
  const box = stop.getBoundingClientRect();
  const middle = document.elementFromPoint(
    Math.min(Math.max(box.left + Math.min(box.width, innerWidth) / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1),
  );
  // A link within a sentence is as high as its line: the exception that WCAG makes.
  const parent = stop.parentElement;
  const in_sentence = style.display === 'inline' && parent.textContent.trim().length > stop.textContent.trim().length;
  return {
    number: Number(stop.dataset.stop ?? -1),
    name: `${stop.localName} “${(stop.textContent || stop.name || '').trim().replace(/\s+/g, ' ').slice(0, 40)}”`,
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    on_screen: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    covered: middle !== null && !stop.contains(middle) && !middle.contains(stop),
    width: box.width,
    height: box.height,
    in_sentence,
    // A date is typed in parts, each of which Tab comes to.
    has_parts: stop.localName === 'input' && stop.type === 'date',
  };
}

export async function keyboard(browser, origin, asked, tell) {
  const faults = [];
  const { context, page } = await open(browser, origin, { ...asked, width: 1280 }, faults);
  try {
    await page.goto(asked.url, { waitUntil: 'load' });
    const { stops, jumps } = await page.evaluate(number_stops);
    if (jumps) faults.push(`${jumps} elements have a tabindex above 0`);
    const seen = new Set();
    let last = -1;
    for (let step = 0; step <= Math.min(stops * PARTS + 2, STOPS_MAX); step++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(focused);
      // The end: the focus leaves the page, or begins again.
      if (!stop || (seen.size > 0 && stop.number === 0)) break;
      if (stop.number === -1) { faults.push(`${stop.name} is a stop that nothing tells of`); continue; }
      if (stop.has_parts && stop.number === last) continue;
      if (seen.has(stop.number)) { faults.push(`${stop.name} is come to twice: a trap`); break; }
      if (stop.number < last) faults.push(`${stop.name} comes out of its order`);
      if (stop.outline < OUTLINE) faults.push(`${stop.name} does not show that it has the focus`);
      if (!stop.on_screen) faults.push(`${stop.name} has the focus and is not on the screen`);
      if (stop.covered) faults.push(`${stop.name} has the focus and is covered`);
      if (!stop.in_sentence && (stop.width < TARGET || stop.height < TARGET)) {
        faults.push(`${stop.name} measures ${Math.round(stop.width)} × ${Math.round(stop.height)}`);
      }
      seen.add(stop.number);
      last = stop.number;
    }
    if (seen.size !== stops) faults.push(`Tab comes to ${seen.size} of ${stops} stops`);
    tell(`keyboard, ${stops} stops`, { faults: faults.slice(0, 8) });
  } finally {
    await context.close();
  }
}

/** Goes by Tab until something has the focus, as whoever has no pointer does. */
async function go_to(page, wanted, what) {
  for (let step = 0; step < STOPS_MAX; step++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const stop = document.activeElement;
      return stop && stop !== document.body ? { href: stop.getAttribute('href') ?? '', name: stop.localName, type: stop.type ?? '', in_main: !!stop.closest('main') } : null;
    });
    // The focus has left the page for the browser, and comes back to its beginning.
    if (!found) continue;
    if (wanted(found)) return;
  }
  throw new Error(`Tab does not come to ${what} on ${new URL(page.url()).pathname}`);
}

async function press(page) {
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.keyboard.press('Enter')]);
  if (response?.status() !== 200) throw new Error(`${page.url()} answers ${response?.status()}`);
}

/**
 * From the home page to a choice that can be stopped, which is stopped and resumed: no pointer, no JavaScript of the page. Gives the
 * addresses of the pages that came after the two acts.
 */
export async function stop_and_resume(browser, origin, asked, tell) {
  const faults = [];
  const { context, page } = await open(browser, origin, { ...asked, width: 320 }, faults);
  const told = [];
  try {
    await page.goto(asked.url, { waitUntil: 'load' });
    const way = [
      [(stop) => stop.in_main && stop.href.includes('/my/choices#choices'), 'the choices'],
      [(stop) => stop.in_main && /\/my\/choices\/choice\/[^/]+\/stop$/.test(stop.href), 'a way to stop a choice'],
    ];
    for (const [wanted, what] of way) {
      await go_to(page, wanted, what);
      await press(page);
    }
    const choice = new URL(page.url()).pathname.replace(/\/stop$/, '');
    const act = (stop) => stop.in_main && stop.name === 'button' && stop.type === 'submit';
    await go_to(page, act, 'the button that stops');
    await press(page);
    told.push(page.url());
    await page.goto(origin + choice, { waitUntil: 'load' });
    await go_to(page, (stop) => stop.in_main && stop.href === `${choice}/resume`, 'the way to resume');
    await press(page);
    await go_to(page, act, 'the button that resumes');
    await press(page);
    told.push(page.url());
    for (const address of told) {
      if (!/\/my\/receipts\/\d+\?done=1$/.test(address)) faults.push(`an act leads to ${address}`);
    }
    tell('a choice stopped and resumed by keyboard', { faults });
  } finally {
    await context.close();
  }
  return told;
}
