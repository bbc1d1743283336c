/* Draws drills, or the containment of an incident, and starts the clock at the report. */

/* Height that the clock takes at the foot of the page; as in checkpoints.css. */
const CLOCK_FOOT = {wide: 132, narrow: 168};

/** Show one drill: its boxes, and everything of it on the map in one group that can go again. */
function stageDrill(map, place, show) {
  Object.assign(page, page.drills[place]);
  page.moves.forEach((move, index) => { move.number = index + 1; });
  const group = L.layerGroup().addTo(map);
  const clock = makeClock(lastMinute());
  const header = drillTitle(clock);
  if (page.drills.length > 1) header.append(drillChoice(place, show));
  const panel = arrivalPanel(map, clock);
  const box = clockBox(clock);
  document.body.prepend(header, panel, box);
  drawOutlines(group);
  drawReach(group, clock);
  drawUnits(group, clock);
  drawPosts(group, clock);
  drawIncidents(group);
  clock.set(0);
  const leave = () => {
    clock.playing = false;
    map.closePopup();
    group.remove();
    for (const element of [header, panel, box]) element.remove();
  };
  return {clock, leave, clear: clearView(map, header, panel, CLOCK_FOOT)};
}

function drawDrills(map) {
  readPage();
  document.body.classList.add('drill');
  map.getContainer().setAttribute('aria-label', words('map_label', {title: page.title}));
  map.getContainer().setAttribute('role', 'region');
  addPanes(map);
  let stage;
  const clear = () => stage.clear();
  const whole = wholeView(map, clear);
  const show = (place) => {
    stage?.leave();
    stage = stageDrill(map, place, show);
    whole();
  };
  map.setView(L.latLngBounds(page.drills[0].bounds).getCenter(), 12, {animate: false});
  show(0);
  roadLayer(map).addTo(map);
  addControls(map, whole);
  keepPopupsClear(map, clear);
  preparePrint(map, whole);
  window.addEventListener('beforeprint', () => stage.clock.set(stage.clock.end));
  return {
    drills: page.drills.length, posts: page.moves.length, units: page.moves.filter(({points}) => points).length,
    rings: page.rings.length, incidents: page.incidents.length, reach: page.reach.length,
    roads: page.roads.flat().length, minutes: stage.clock.end,
  };
}

window.drawOptimizerMap = (map) => announce(drawDrills(map));
