// A contact sheet: every page in both languages, narrow and wide, light and dark, as pictures in one HTML file for somebody to look at.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from './browser.mjs';

const WIDTHS = [390, 1280];
const SCHEMES = ['light', 'dark'];
/** Of a longer page, the beginning is shown. */
const HEIGHT_MAX = 4_000;

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Takes the pictures of one page and gives its part of the sheet. */
export async function pictures(browser, origin, asked, folder) {
  mkdirSync(join(folder, 'pictures'), { recursive: true });
  const { pathname, search } = new URL(asked.url);
  const path = decodeURIComponent(pathname + search);
  const name = path.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'root';
  const { context, page } = await open(browser, origin, asked, []);
  const taken = [];
  try {
    await page.goto(asked.url, { waitUntil: 'load' });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), HEIGHT_MAX);
        const file = `pictures/${asked.viewer}-${name}-${width}-${colorScheme}.jpg`;
        await page.screenshot({ path: join(folder, file), type: 'jpeg', quality: 70, fullPage: true, clip: { x: 0, y: 0, width, height }, animations: 'disabled', caret: 'hide' });
        taken.push({ file, width, colorScheme });
      }
    }
  } finally {
    await context.close();
  }
  const figures = taken.map(({ file, width, colorScheme }) => `<figure><a href="${escape(file)}"><img src="${escape(file)}" alt="" loading="lazy" width="${width / 2}"></a><figcaption>${width} px, ${colorScheme}</figcaption></figure>`);
  return { path, html: `<section><h2>${escape(path)} <small>${escape(asked.viewer)}</small></h2><div>${figures.join('')}</div></section>` };
}

/** The sheet itself: the two languages of a page one after the other. */
export function sheet(parts, folder) {
  const key = ({ path }) => path.replace(/^\/(ja|en)(?=\/|$)/, '') + path;
  const sorted = [...parts].sort((one, other) => (key(one) < key(other) ? -1 : 1));
  const page = join(folder, 'index.html');
  writeFileSync(page, `<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Every page</title>
<style>body{font:14px sans-serif;margin:1rem;background:#ccc}section{margin-block:2rem}h2{font-size:1rem}div{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}figure{margin:0}img{display:block;height:auto;border:1px solid #888}</style>
<h1>${parts.length} pages</h1>
${sorted.map((part) => part.html).join('\n')}
</html>
`);
  return page;
}
