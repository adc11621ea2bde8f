// The two answers of a page that asks whether to stop: nothing but their words tells them apart.

import { open } from './browser.mjs';

/** In the page: how each answer looks. */
function answers() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour) => {
    const [r, g, b] = rgb(colour).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll('main form .acts :is(a, button)')].map((answer) => {
    const style = getComputedStyle(answer);
    const { width, height } = answer.getBoundingClientRect();
    const [one, other] = [luminance(style.color), luminance(style.backgroundColor)];
    return {
      width,
      height,
      contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
      style: [style.fontWeight, style.fontSize, style.color, style.backgroundColor, style.borderTopColor, style.borderTopWidth, style.opacity].join(' '),
    };
  });
}

export async function buttons(browser, origin, asked, tell) {
  for (const width of [320, 1280]) {
    for (const scheme of ['light', 'dark']) {
      const faults = [];
      const { context, page } = await open(browser, origin, { ...asked, width, scheme }, faults);
      try {
        await page.goto(asked.url, { waitUntil: 'load' });
        const [one, other, ...more] = await page.evaluate(answers);
        if (!one || !other || more.length) {
          faults.push(`there are not two answers but ${more.length + (one ? 1 : 0) + (other ? 1 : 0)}`);
        } else {
          for (const size of ['width', 'height']) {
            if (Math.abs(one[size] - other[size]) > 1) faults.push(`their ${size} is ${one[size]} and ${other[size]}`);
          }
          if (one.style !== other.style) faults.push(`one has ${one.style}, the other ${other.style}`);
          if (Math.abs(one.contrast - other.contrast) > 0.01) faults.push(`their contrast is ${one.contrast} and ${other.contrast}`);
        }
      } finally {
        await context.close();
      }
      tell(`both answers alike, ${width}px ${scheme}`, { faults });
    }
  }
}
