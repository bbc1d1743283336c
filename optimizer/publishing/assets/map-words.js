/* Words, numbers and elements. Texts from the data only ever become text nodes, never markup. */

const page = {};

function readPage() {
  Object.assign(page, JSON.parse(document.getElementById('map-data').textContent));
  page.locale = page.language === 'zh' ? 'zh-CN' : 'en-GB';
  page.dates = new Intl.DateTimeFormat(page.locale, {
    year: 'numeric', month: page.language === 'zh' ? 'long' : 'short', day: 'numeric', timeZone: 'UTC',
  });
}

/** Return a text in the page's language, with {words} filled in. */
function words(key, values) {
  if (!Object.hasOwn(page.texts, key)) throw new Error(`The map has no text "${key}".`);
  return page.texts[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Return the page's own word for a name of the study, such as a tier, or the name itself. */
function wordOr(name) {
  return Object.hasOwn(page.texts, name) ? page.texts[name] : name.replaceAll('_', ' ');
}

/** Create an element; children are elements or texts. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function number(value, digits = 0) {
  if (value === null) return '–';
  return value.toLocaleString(page.locale, {minimumFractionDigits: digits, maximumFractionDigits: digits});
}

/** A share is 100% or 0% only if it is exactly that: nearly all is not all. */
function percent(value, digits = 0) {
  if (value === null) return '–';
  const nearly = value > 0 && value < 1 && (value < 0.01 || value > 0.99);
  if (!nearly) return `${number(100 * value, digits)}%`;
  return `${number(Math.min(99.9, Math.max(0.1, 100 * value)), 1)}%`;
}

function change(value) {
  return value === null ? '–' : `${value < 0 ? '−' : '+'}${percent(Math.abs(value))}`;
}

function minutes(value) {
  return number(value, Number.isInteger(value) ? 0 : 1);
}

function day(iso) {
  return page.dates.format(new Date(`${iso}T00:00:00Z`));
}
