// pictures: what a model may have said of a hundred thousand pictures, and what people look for among them. The same number gives
// the same picture on every machine.

import { type Random, xoshiro128 } from "../../local/sample/xoshiro128";
import { type Analysis, type Category, categories } from "../../schemas/analysis";

interface Scene {
  readonly subjects: readonly string[];
  readonly places: readonly string[];
  readonly things: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const scene = (subjects: string, places: string, things: string): Scene => ({
  subjects: words(subjects),
  places: words(places),
  things: words(things),
});

const scenes: Readonly<Record<Category, Scene>> = {
  animal: scene(
    `dog cat horse cow sheep goat fox deer rabbit squirrel owl eagle sparrow robin heron swan duck goose parrot penguin seal
     dolphin whale turtle lizard frog butterfly dragonfly beetle bee spider snail elephant giraffe zebra lion tiger bear wolf`,
    "meadow forest stable garden pond zoo savannah farmyard kennel aviary",
    "collar leash feather nest branch fence straw bowl burrow antlers wings tail paw whiskers saddle",
  ),
  artwork: scene(
    "painting sculpture sketch mural mosaic fresco watercolour engraving portrait collage tapestry statue woodcut relief",
    "gallery museum studio atelier exhibition workshop",
    "frame canvas easel pedestal brushstrokes pigment plinth spotlight signature varnish",
  ),
  building: scene(
    `house cottage church cathedral castle tower bridge skyscraper lighthouse barn factory temple mosque palace station library
     stadium windmill villa chalet warehouse greenhouse`,
    "square hillside harbour village suburb waterfront boulevard courtyard terrace",
    "window door roof chimney balcony staircase arch column facade brickwork spire gate shutters dome scaffolding ivy",
  ),
  document: scene(
    "invoice letter receipt passport certificate contract form newspaper map ticket menu postcard envelope report notebook",
    "desk office archive table counter folder",
    "stamp signature barcode paragraph headline margin handwriting seal staple date amount address",
  ),
  food: scene(
    `pizza pasta salad soup burger sandwich cake pie bread croissant pancake sushi curry steak omelette risotto stew dumplings
     tacos cheese strawberries apples oranges grapes cookies chocolate`,
    "kitchen restaurant picnic bakery market café barbecue canteen",
    "plate fork knife spoon napkin glass basil tomato lemon herbs sauce candle tablecloth tray board cup",
  ),
  graphic: scene(
    "diagram chart logo icon poster screenshot infographic flowchart banner illustration wireframe pictogram",
    "screen slide page dashboard billboard",
    "arrow circle triangle square line gradient legend axis label grid text button bars dots",
  ),
  landscape: scene(
    `mountain valley lake river waterfall beach coast desert dune glacier canyon wood hill plain island volcano cliff fjord marsh
     moor vineyard`,
    "horizon countryside wilderness highlands shoreline reserve",
    "clouds rocks trees snow fog waves path grass sand reflection peak boulder ridge pines rainbow sky",
  ),
  people: scene(
    `woman man child couple family crowd musician dancer runner cyclist farmer fisherman teacher student baker nurse soldier bride
     grandmother baby team tourist climber swimmer`,
    "street park stage classroom playground festival platform plaza",
    "hat scarf backpack guitar umbrella glasses dress jacket camera ball flag microphone phone balloon",
  ),
  plant: scene(
    `rose tulip sunflower daisy orchid lily lavender poppy cactus fern moss oak birch maple willow palm bamboo dandelion mushroom
     hydrangea peony thistle`,
    "orchard windowsill clearing hedge riverbank flowerbed",
    "petals leaves stem bud thorns roots pot soil dew pollen bark seeds vase blossom twig",
  ),
  product: scene(
    `chair lamp sofa watch laptop headphones shoe boot bottle teapot kettle toaster vacuum drill hammer keyboard suitcase necklace
     ring perfume sunglasses`,
    "showroom shelf shop catalogue workbench tabletop",
    "strap switch display handle lid cable zip buckle price box cushion screws packaging stitching sole",
  ),
  vehicle: scene(
    `car bus truck tram train motorcycle bicycle scooter tractor boat ship ferry yacht canoe aeroplane helicopter ambulance van
     taxi caravan locomotive submarine glider`,
    "road motorway airport garage racetrack field canal crossing",
    "wheel headlight bumper windscreen propeller sail mast anchor mirror exhaust rails cargo plates rack",
  ),
  other: scene(
    "texture shadow smoke bubbles fireworks stars moon galaxy fabric puzzle toys dice coins keys fossil crystal",
    "darkness night laboratory drawer floor wall",
    "light pattern grain sparkle surface edge scratch glow fibre blur",
  ),
};

const adjectives = words(
  `small large old modern rusty wooden shiny broken colourful quiet busy empty crowded bright dark misty sunny snowy wet dusty elegant
   rustic ornate plain weathered striped spotted tall narrow round fluffy sleepy playful lonely majestic ancient abandoned vintage`,
);
const colourNames = words(
  `red blue green yellow orange purple pink brown black white grey beige turquoise teal navy maroon olive gold silver cream violet
   crimson amber ivory charcoal coral emerald`,
);
const verbs = words(
  "stands sits rests lies waits moves appears rises leans hangs floats shines sleeps runs dominates crosses",
);
const times = words(
  "dawn morning noon afternoon dusk evening night winter spring summer autumn rain sunshine twilight",
);
const moods = words(
  "calm cheerful gloomy peaceful dramatic nostalgic festive tense romantic mysterious lively solemn cosy serene",
);
const relations = ["in front of", "beside", "behind", "near", "under", "above", "next to", "surrounded by", "opposite"];

export function pictureOf(number: number): Analysis {
  return draw(xoshiro128(number, "pictures of the bench"));
}

/** A description of another picture, or a few words such as one types. */
export function queryOf(number: number): string {
  const { summary, objects, colours, mood } = draw(xoshiro128(number, "queries of the bench"));
  const [subject = "", thing = ""] = objects;
  const forms = [summary, `${colours[0]} ${subject} ${thing}`, summary, `${mood} ${subject}`];
  return forms[number % forms.length] ?? subject;
}

function draw(random: Random): Analysis {
  const pick = <T>(list: readonly T[]): T => at(list, random());
  /** The first ones of a list come more often: there are more dogs than wolves. */
  const common = <T>(list: readonly T[]): T => at(list, random() ** 1.7);

  const category = common(categories);
  const { subjects, places, things } = scenes[category];
  const [subject, place] = [common(subjects), common(places)];
  const [colour, other] = [pick(colourNames), pick(colourNames)];
  const seen = new Set<string>();
  const most = 2 + Math.floor(random() * 5);
  // One thing in seven is where nobody expects it.
  while (seen.size < most) seen.add(pick(random() < 6 / 7 ? things : scenes[pick(categories)].things));
  const [first, second] = [...seen];
  const forms = [
    () =>
      `A ${pick(adjectives)} ${colour} ${subject} ${pick(verbs)} ${pick(relations)} a ${first} in a ${place} at ${pick(times)}.`,
    () =>
      `A ${subject} with a ${colour} ${first} ${pick(verbs)} ${pick(relations)} a ${pick(adjectives)} ${second}, ${place}.`,
    () =>
      `Close-up of a ${pick(adjectives)} ${subject}; a ${other} ${first} and a ${second} are ${pick(relations)} it.`,
    () =>
      `View of a ${place} at ${pick(times)}, where a ${pick(adjectives)} ${subject} ${pick(verbs)} beside a ${colour} ${first}.`,
    () => `The ${colour} ${subject} of a ${pick(adjectives)} ${place}, photographed at ${pick(times)} with a ${first}.`,
  ];
  return {
    category,
    summary: pick(forms)(),
    objects: [subject, ...seen],
    colours: [...new Set([colour, other])],
    text: "",
    mood: pick(moods),
    confidence: 0.9,
  };
}

function at<T>(list: readonly T[], part: number): T {
  const value = list[Math.floor(part * list.length)];
  if (value === undefined) throw new Error(`Cannot draw at ${part}: the list has ${list.length} words`);
  return value;
}
