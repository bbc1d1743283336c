/* Rings of checkpoints, the routes that prove them, containment nets and electronic gates. */

/* One colour for each ring, from the inside out, then again; none of them is on the map already. */
const RING_COLOURS = ['#b3123f', '#00796b', '#374151', '#8a5a00'];
const LEAK_COLOUR = '#d00000';
const NET_COLOURS = ['#0b5d3b', '#2f8f5b', '#7cc492', '#cfe8cf'];
const GATE_COLOURS = {stands: '#334e68', proposed: '#e6a700'};

/* Posts have one of these shapes by their kind. */
const POST_SHAPES = 4;

/** The layers of checkpoints, in the order of the legend. */
function checkpointLayers(map) {
  const {rings: circles, posts, nets, gates, standing, blind} = page.checkpoints;
  const leaks = circles.filter(({leak}) => leak).length + (blind ? 1 : 0);
  return [
    {key: 'posts', count: posts.length, shown: true, build: postLayer, legend: postLegend},
    {key: 'rings', count: circles.length, shown: true, build: () => ringLayer(map), legend: ringLegend},
    {key: 'leaks', count: leaks, shown: true, build: leakLayer, swatch: swatch('leak')},
    {key: 'routes', count: circles.flatMap(({routes}) => routes).length, shown: false, build: certificateLayer,
      legend: () => [el('span', {class: 'note'}, words('routes_note'))]},
    {key: 'nets', count: nets.length, shown: false, build: () => netLayer(map), legend: netLegend},
    {key: 'gates', count: gates.length, shown: true, build: gateLayer, legend: gateLegend},
    {key: 'standing', count: standing.length, shown: true, build: standingLayer, swatch: standingSymbol()},
  ];
}

function ringColour(name) {
  const place = page.checkpoints.rings.findIndex((ring) => ring.name === name);
  return RING_COLOURS[Math.max(0, place) % RING_COLOURS.length];
}

/** Outlines with a tint between them; a thin white line below keeps them apart from the roads. */
function ringLayer(map) {
  const renderer = L.canvas({pane: 'rings', padding: 0.1});
  const group = L.layerGroup();
  for (const ring of page.checkpoints.rings) {
    const [inner, outer] = [rings(ring.inner), rings(ring.outer)];
    const colour = ringColour(ring.name);
    const base = {pane: 'rings', renderer, interactive: false, fill: false};
    const all = [...outer, ...inner].flat();
    L.polygon(all, {...base, fill: true, fillRule: 'evenodd', fillColor: colour, fillOpacity: 0.05, stroke: false}).addTo(group);
    L.polygon(all, {...base, color: '#ffffff', weight: 4, opacity: 0.7}).addTo(group);
    const edge = L.polygon(outer, {...base, color: colour, weight: 2}).addTo(group);
    L.polygon(inner, {...base, color: colour, weight: 2, dashArray: '2 5'}).addTo(group);
    ring.bounds = edge.getBounds();
    const text = el('div', {class: 'ring-label'}, ring.name);
    text.style.color = colour;
    const place = ringLabelPlace(inner, outer);
    if (place) textMarker(place, text).addTo(group);
  }
  return group;
}

/** Between the northern ends of both outlines, or on the one that there is. */
function ringLabelPlace(...outlines) {
  const tops = outlines.map((outline) => outline.flat(2)).filter((points) => points.length).map((points) => {
    const north = Math.max(...points.map(([lat]) => lat));
    return mean(points.filter(([lat]) => lat > north - 1e-6));
  });
  return tops.length ? mean(tops) : null;
}

function mean(points) {
  return [0, 1].map((axis) => points.reduce((sum, at) => sum + at[axis], 0) / points.length);
}

function ringLegend() {
  return page.checkpoints.rings.map((ring) => {
    const mark = el('i', {class: 'swatch swatch-ring', 'aria-hidden': 'true'});
    mark.style.borderColor = ringColour(ring.name);
    const facts = [
      words(ring.sealed ? 'ring_sealed' : 'ring_open', {posts: number(ring.posts)}),
      ring.sealed && ring.fewest ? words('ring_proof', {routes: number(ring.routes.length || ring.posts)}) : '',
      ring.share === null ? '' : words('ring_share', {share: percent(ring.share)}),
      ring.sealing ? words('ring_sealing', {posts: number(ring.sealing)}) : '',
      ring.beyond > 0 ? words('ring_beyond', {share: percent(ring.beyond)}) : '',
    ].filter(Boolean);
    return el('span', {class: 'item ring-item'}, mark,
      el('span', {}, el('b', {}, ring.name), ...facts.map((fact) => el('span', {class: 'fact'}, fact))));
  });
}

function postKinds() {
  return [...new Set(page.checkpoints.posts.map(({kind}) => kind))];
}

function postSymbol(kind, colour, missing = false) {
  const symbol = el('i', {class: `post post-${Math.max(0, postKinds().indexOf(kind)) % POST_SHAPES}`});
  symbol.style.backgroundColor = missing ? '#ffffff' : colour;
  if (missing) symbol.style.borderColor = colour;
  return symbol;
}

function postLayer() {
  return L.layerGroup(page.checkpoints.posts.map((post) => {
    const symbol = postSymbol(post.kind, ringColour(post.ring), post.missing);
    const label = `${words('post')} ${post.id}: ${post.street}`;
    post.layer = pointLayer('posts', post.at, symbol, 14, label, () => postPopup(post));
    const hint = el('div', {}, el('b', {}, post.id), post.street ? el('br') : null, post.street);
    return post.layer.bindTooltip(hint, {direction: 'top', offset: [0, -8], className: 'hint'});
  }));
}

/** Colours tell the ring, which its own legend names; shapes tell the kind if there are several. */
function postLegend() {
  const kinds = postKinds();
  const count = (kind) => page.checkpoints.posts.filter((post) => post.kind === kind && !post.missing).length;
  const items = kinds.map((kind) => legendItem(postSymbol(kind, '#5a6472'), `${wordOr(kind)} (${number(count(kind))})`));
  const missing = page.checkpoints.posts.some((post) => post.missing);
  return missing ? [...items, legendItem(postSymbol(kinds[0], '#5a6472', true), words('post_missing'))] : items;
}

function postPopup(post) {
  const note = [words('ring', {name: post.ring}), wordOr(post.kind)].join(' · ');
  return el('article', {class: 'popup'},
    heading(postSymbol(post.kind, ringColour(post.ring), post.missing), post.id, note),
    figures([
      [words(`at_${post.where}`), post.street || '–'],
      [words('status'), post.missing ? words('post_missing') : ''],
      [words('unit'), post.unit],
      [words('closed_after'), post.minutes === null ? '' : words('minutes', {minutes: number(post.minutes, 1)})],
      [words('coordinates'), position(post.at)],
    ]));
}

/** A line with a white line below, so that it can be followed over anything. */
function routeLine(text, style, popup) {
  const points = decode(text);
  const base = {lineCap: 'round', lineJoin: 'round'};
  return L.layerGroup([
    L.polyline(points, {...base, ...style, color: '#ffffff', weight: style.weight + 3, opacity: 0.75, interactive: false, dashArray: null}),
    L.polyline(points, {...base, ...style}).bindPopup(() => popup(points), POPUP),
  ]);
}

function routePopup(title, note) {
  return (points) => el('article', {class: 'popup'}, heading(null, title, note), figures([
    [words('length'), `${number(kilometres(points), 1)} km`],
  ]));
}

function kilometres(points) {
  const metres = points.slice(1).reduce((sum, at, index) => sum + L.latLng(at).distanceTo(points[index]), 0);
  return metres / 1000;
}

function certificateLayer() {
  const renderer = touchRenderer();
  return L.layerGroup(page.checkpoints.rings.flatMap((ring) => ring.routes.map((text) => routeLine(
    text, {renderer, color: ringColour(ring.name), weight: 2.5, opacity: 0.85},
    routePopup(words('ring', {name: ring.name}), words('route_note', {count: number(ring.routes.length)})),
  ))));
}

function leakLayer() {
  const renderer = touchRenderer();
  const style = {renderer, color: LEAK_COLOUR, weight: 4, dashArray: '9 7', opacity: 1};
  const open = page.checkpoints.rings.filter(({leak}) => leak).map((ring) =>
    routeLine(ring.leak, style, routePopup(words('ring', {name: ring.name}), words('leak_note'))));
  const {blind} = page.checkpoints;
  if (blind) open.push(routeLine(blind, {...style, color: GATE_COLOURS.stands}, routePopup(words('gates'), words('blind_note'))));
  return L.layerGroup(open);
}

/** The first step within which a net closes; the number of steps if none. */
function netStep(net) {
  const {steps} = page.checkpoints;
  const place = net.minutes === null ? -1 : steps.findIndex(([most]) => net.minutes <= most);
  return place < 0 ? steps.length : place;
}

function netSymbol(step, text) {
  const never = step >= page.checkpoints.steps.length;
  const symbol = el('span', {class: `net ${never ? 'net-open' : ''}`}, text);
  if (!never) {
    const place = Math.min(step, NET_COLOURS.length - 1);
    symbol.style.backgroundColor = NET_COLOURS[place];
    if (place > 1) symbol.style.color = '#10291c';
  }
  return symbol;
}

function netMinutes(net) {
  return net.minutes === null ? '–' : number(net.minutes);
}

/** Hotspots with the minutes until a net closes round them; the net itself shows with its popup. */
function netLayer(map) {
  const shown = L.layerGroup();
  const group = L.layerGroup(page.checkpoints.nets.map((net) => {
    const symbol = netSymbol(netStep(net), netMinutes(net));
    const title = words('net_title', {rank: net.rank});
    const marker = pointLayer('nets', net.at, symbol, 24, `${title}: ${netVerdict(net)}`, () => netPopup(net));
    marker.on('popupopen', () => { drawNet(net, shown); shown.addTo(map); });
    marker.on('popupclose', () => shown.remove());
    return marker;
  }));
  group.on('remove', () => shown.remove());
  return group;
}

function drawNet(net, shown) {
  shown.clearLayers();
  for (const [index, post] of net.posts.entries()) {
    textMarker(post.at, el('span', {class: 'net-post'}, String(index + 1))).addTo(shown);
  }
  if (net.leak) {
    L.polyline(decode(net.leak), {pane: 'routes', color: LEAK_COLOUR, weight: 4, dashArray: '9 7', interactive: false}).addTo(shown);
  }
}

function netVerdict(net) {
  return net.minutes === null ? words('net_never') : words('net_closed', {minutes: number(net.minutes, 1)});
}

function netPopup(net) {
  const rows = net.posts.map((post, index) => el('tr', {},
    el('td', {}, String(index + 1)), el('th', {scope: 'row'}, post.street || '–'), el('td', {}, post.unit),
    el('td', {}, number(post.minutes, 1)), el('td', {}, number(post.evader, 1))));
  const names = ['', words('street'), words('unit'), words('net_unit'), words('net_evader')];
  const table = el('table', {class: 'net-table'},
    el('thead', {}, el('tr', {}, ...names.map((name) => el('th', {scope: 'col'}, name)))), el('tbody', {}, ...rows));
  return el('article', {class: 'popup'},
    heading(netSymbol(netStep(net), netMinutes(net)), words('net_title', {rank: net.rank}), netVerdict(net)),
    rows.length ? el('div', {class: 'net-scroll'}, table) : null,
    net.leak ? el('p', {}, words('leak_note')) : null);
}

function netLegend() {
  const {steps, nets} = page.checkpoints;
  const items = steps.map(([most, share], step) =>
    legendItem(netSymbol(step, ''), `${words('within', {minutes: minutes(most)})}: ${percent(share)}`));
  const never = nets.some((net) => netStep(net) === steps.length);
  return never ? [...items, legendItem(netSymbol(steps.length, ''), words('net_later'))] : items;
}

/** Gates may be thousands: they are drawn on a canvas. */
function gateLayer() {
  const renderer = touchRenderer();
  return L.layerGroup(page.checkpoints.gates.map((gate) => {
    const colour = GATE_COLOURS[gate.proposed ? 'proposed' : 'stands'];
    gate.layer = L.circleMarker(gate.at, {
      renderer, radius: gate.proposed ? 6 : 4, weight: 1.5, color: '#ffffff', fillColor: colour, fillOpacity: 1,
    });
    return gate.layer.bindPopup(() => gatePopup(gate), POPUP);
  }));
}

function gateSymbol(proposed) {
  return el('i', {class: `gate ${proposed ? 'gate-next' : ''}`});
}

function gatePopup(gate) {
  return el('article', {class: 'popup'},
    heading(gateSymbol(gate.proposed), gate.name, words(gate.proposed ? 'gate_next' : 'gate')),
    figures([[words('coordinates'), position(gate.at)]]));
}

function gateLegend() {
  const {gates, seen} = page.checkpoints;
  const present = [false, true].filter((proposed) => gates.some((gate) => gate.proposed === proposed));
  const items = present.map((proposed) => legendItem(gateSymbol(proposed), words(proposed ? 'gate_next' : 'gate')));
  return seen === null ? items : [el('span', {class: 'note'}, words('gates_seen', {share: percent(seen)})), ...items];
}

function standingSymbol() {
  return el('i', {class: 'standing'});
}

function standingLayer() {
  return L.layerGroup(page.checkpoints.standing.map((unit) => {
    const label = `${words('standing_unit')}: ${unit.name}`;
    unit.layer = pointLayer('posts', unit.at, standingSymbol(), 20, label, () => el('article', {class: 'popup'},
      heading(standingSymbol(), unit.name, words('standing_unit')),
      figures([[words('coordinates'), position(unit.at)]])));
    return unit.layer;
  }));
}

/** What of checkpoints can be searched for. */
function checkpointEntries(entry) {
  const {rings: circles, posts, gates, standing} = page.checkpoints;
  return [
    ...circles.map((ring) => entry('rings', ring.name, words('rings'), '', ring)),
    ...posts.map((post) => entry('posts', post.id, [words('post'), post.street].filter(Boolean).join(' · '), `${post.ring} ${post.kind} ${post.unit}`, post)),
    ...gates.map((gate) => entry('gates', gate.name, words('gate'), '', gate)),
    ...standing.map((unit) => entry('standing', unit.name, words('standing_unit'), '', unit)),
  ];
}
