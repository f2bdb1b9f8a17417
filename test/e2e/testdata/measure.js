// Measures every mail shown in a frame of this page, and writes what it finds
// into #measures. It counts as its reader does: what is really painted, in the
// colours that really apply.
'use strict';

// channels reads a computed colour: red, green, blue from 0 to 255, alpha.
function channels(colour) {
  const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
  return [r, g, b, a];
}

// over is what shows of a colour painted on an opaque one.
function over(top, below) {
  return [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
}

// background is the colour behind an element; null if none of its own covers
// the reader's page.
function background(element, view) {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const colour = channels(view.getComputedStyle(e).backgroundColor);
    layers.push(colour);
    if (colour[3] === 1) return layers.reverse().reduce((below, top) => over(top, below));
  }
  return null;
}

// luminance and contrast are those of WCAG 2.1.
function luminance(colour) {
  const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

function painted(node, view) {
  const range = node.ownerDocument.createRange();
  range.selectNodeContents(node);
  const style = view.getComputedStyle(node.parentElement);
  return range.getClientRects().length > 0 && style.visibility === 'visible' && style.opacity !== '0';
}

// texts are all words on the page, with their contrast and size.
function texts(view) {
  const found = [];
  const walker = view.document.createTreeWalker(view.document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !painted(node, view)) continue;
    const style = view.getComputedStyle(node.parentElement);
    const behind = background(node.parentElement, view);
    found.push({
      text: node.data.trim().slice(0, 60),
      contrast: behind ? contrast(over(channels(style.color), behind), behind) : 0,
      size: parseFloat(style.fontSize),
    });
  }
  return found;
}

function targets(view) {
  return [...view.document.links].map(a => {
    const box = a.getBoundingClientRect();
    return {text: a.textContent.trim(), width: box.width, height: box.height};
  });
}

window.addEventListener('load', () => {
  const measures = [...document.querySelectorAll('iframe')].map(frame => {
    const view = frame.contentWindow, root = view.document.documentElement;
    return {
      kind: frame.dataset.kind,
      frame: Number(frame.width),
      dark: view.matchMedia('(prefers-color-scheme: dark)').matches,
      scrollWidth: root.scrollWidth,
      clientWidth: root.clientWidth,
      height: view.document.body.scrollHeight,
      targets: targets(view),
      texts: texts(view),
      broken: [...view.document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.alt),
    };
  });
  document.getElementById('measures').textContent = encodeURIComponent(JSON.stringify(measures));
});
