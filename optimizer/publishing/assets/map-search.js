/* Search by name, street or rank: a combobox that works with keys alone. */

const MOST_RESULTS = 8;

function fold(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** Everything that can be found: what it is called, what kind it is, and how to go there. */
function searchIndex(layers) {
  const entry = (layer, title, kind, more, item) => ({
    layer: layers.get(layer), title, kind, item, text: fold(`${title} ${kind} ${more}`), name: fold(title),
  });
  return [
    ...page.platforms.map((p) => entry('platforms', p.name, [words('platform'), p.id, p.street].filter(Boolean).join(' · '), p.district, p)),
    ...page.hotspots.map((h) => entry('hotspots', words('hotspot', {rank: h.rank}), `${words('calls')}: ${number(h.calls)}`, '', h)),
    ...page.keySites.map((s) => entry('key_sites', s.name, words('key_site'), '', s)),
    ...page.existing.map((e) => entry('existing', e.name, words('existing_place'), '', e)),
    ...page.districts.map((d) => entry('districts', d.name, words('district'), '', d)),
    ...deploymentEntries(entry),
    ...checkpointEntries(entry),
  ];
}

/** Every word must occur; titles that begin with the query come first, then titles that hold it. */
function findEntries(index, query) {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const whole = wanted.join(' ');
  const score = ({name}) => (name === whole ? 3 : name.startsWith(whole) ? 2 : name.includes(whole) ? 1 : 0);
  return index.filter(({text}) => wanted.every((word) => text.includes(word)))
    .sort((a, b) => score(b) - score(a)).slice(0, MOST_RESULTS);
}

function searchBox(map, index) {
  const input = el('input', {
    type: 'search', role: 'combobox', id: 'search', autocomplete: 'off', 'aria-label': words('search'),
    'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'search-results',
    placeholder: words('search_placeholder'),
  });
  const list = el('ul', {role: 'listbox', id: 'search-results', 'aria-label': words('search')});
  const status = el('p', {class: 'unseen', role: 'status'});
  const state = {found: [], active: -1};
  list.hidden = true;

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (entry) => {
    close();
    input.value = entry.title;
    goTo(map, entry);
  };
  const activate = (place) => {
    state.active = place;
    [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === place)));
    if (place >= 0) {
      input.setAttribute('aria-activedescendant', `result-${place}`);
      list.children[place].scrollIntoView({block: 'nearest'});
    }
  };
  const search = () => {
    state.found = findEntries(index, input.value);
    const none = input.value.trim() && !state.found.length;
    list.replaceChildren(...state.found.map((entry, at) => {
      const option = el('li', {role: 'option', id: `result-${at}`}, el('b', {}, entry.title), el('span', {}, entry.kind));
      option.addEventListener('mousedown', (event) => { event.preventDefault(); choose(entry); });
      return option;
    }));
    if (none) list.append(el('li', {class: 'none', role: 'presentation'}, words('nothing_found')));
    status.textContent = none ? words('nothing_found') : words('results_found', {count: state.found.length});
    list.hidden = !list.children.length;
    input.setAttribute('aria-expanded', String(!list.hidden));
    input.removeAttribute('aria-activedescendant');
    activate(state.found.length ? 0 : -1);
  };
  const step = (by) => {
    if (list.hidden) search();
    else if (state.found.length) activate((state.active + by + state.found.length) % state.found.length);
  };
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => { if (!list.hidden && state.active >= 0) choose(state.found[state.active]); },
    Escape: () => { input.value = ''; close(); },
  };
  input.addEventListener('input', search);
  input.addEventListener('focus', () => { if (input.value) search(); });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (!Object.hasOwn(keys, event.key) || event.isComposing) return;
    event.preventDefault();
    keys[event.key]();
  });
  return el('div', {class: 'search', role: 'search'}, input, list, status);
}

/** Show the layer of what was found, move there, and say what is known. */
function goTo(map, {layer, item}) {
  showLayer(map, layer);
  const still = {animate: false};
  if (item.bounds) {
    map.fitBounds(item.bounds, still);
  } else if (item.at) {
    map.setView(item.at, Math.max(map.getZoom(), 14.5), still);
  } else {
    map.fitBounds(item.layer.getBounds(), {...still, maxZoom: 15});
  }
  if (item.layer) item.layer.openPopup();
  else if (item.popup) L.popup(POPUP).setLatLng(item.at).setContent(item.popup()).openOn(map);
}
