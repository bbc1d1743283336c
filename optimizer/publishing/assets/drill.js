/* Draws a drill, or the containment of an incident, and starts its clock at the report. */

/* Height that the clock takes at the foot of the page; as in checkpoints.css. */
const CLOCK_FOOT = {wide: 132, narrow: 168};

function drawDrill(map) {
  readPage();
  document.body.classList.add('drill');
  map.getContainer().setAttribute('aria-label', words('map_label', {title: page.title}));
  map.getContainer().setAttribute('role', 'region');
  addPanes(map);
  page.moves.forEach((move, index) => { move.number = index + 1; });
  const clock = makeClock(lastMinute());
  const header = drillTitle(clock);
  const panel = arrivalPanel(map, clock);
  document.body.prepend(header, panel, clockBox(clock));
  const clear = clearView(map, header, panel, CLOCK_FOOT);
  const whole = wholeView(map, clear);
  whole();
  roadLayer(map).addTo(map);
  drawOutlines(map);
  drawReach(map, clock);
  drawUnits(map, clock);
  drawPosts(map, clock);
  drawIncidents(map);
  addControls(map, whole);
  keepPopupsClear(map, clear);
  preparePrint(map, whole);
  window.addEventListener('beforeprint', () => clock.set(clock.end));
  clock.set(0);
  return {
    posts: page.moves.length, units: page.moves.filter(({points}) => points).length, rings: page.rings.length,
    incidents: page.incidents.length, reach: page.reach.length, roads: page.roads.flat().length, minutes: clock.end,
  };
}

window.drawOptimizerMap = (map) => announce(drawDrill(map));
