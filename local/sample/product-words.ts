// product-words: the shop's categories: what is sold in each, for about how much, and in which season.

import type { Season } from "./calendar";

export interface Category {
  readonly name: string;
  /** The first letters of its item numbers. */
  readonly prefix: string;
  /** Of what is bought, before the season. */
  readonly share: number;
  readonly season: Season;
  readonly wares: readonly Ware[];
  readonly kinds: readonly string[];
}

export interface Ware {
  readonly noun: string;
  /** What it usually costs, in euros. */
  readonly usual: number;
}

export const categories: readonly Category[] = [
  {
    name: "Garden",
    prefix: "GA",
    share: 14,
    season: { peak: 135, strength: 0.8 },
    wares: wares(
      "watering can 15,garden hose 32,pruning shears 24,lawn mower 229,plant pot 12,raised bed 79,garden bench 149,bird feeder 19,compost bin 45,rake 17",
    ),
    kinds: words("compact,cordless,oak,steel,large,folding"),
  },
  {
    name: "Camping",
    prefix: "CA",
    share: 11,
    season: { peak: 200, strength: 0.7 },
    wares: wares(
      "tent 149,sleeping bag 79,camping stove 49,hammock 35,headlamp 29,cool box 59,rucksack 99,camping chair 39,water bottle 18,air mattress 45",
    ),
    kinds: words("ultralight,family,two person,waterproof,insulated,trekking"),
  },
  {
    name: "School and office",
    prefix: "SO",
    share: 14,
    season: { peak: 242, strength: 0.75 },
    wares: wares(
      "notebook 4,fountain pen 17,pencil case 13,school bag 69,ring binder 4,desk lamp 35,marker set 9,calculator 19,sticky notes 3,stapler 9",
    ),
    kinds: words("dotted,recycled,junior,classic,slim,coloured"),
  },
  {
    name: "Kitchen",
    prefix: "KI",
    share: 17,
    season: { peak: 340, strength: 0.15 },
    wares: wares(
      "frying pan 39,kettle 45,coffee grinder 59,chef knife 49,baking tin 14,cutting board 22,blender 79,lunch box 16,teapot 29,salad bowl 21",
    ),
    kinds: words("cast iron,ceramic,glass,stainless,bamboo,mini"),
  },
  {
    name: "Electronics",
    prefix: "EL",
    share: 14,
    season: { peak: 330, strength: 0.35 },
    wares: wares(
      "headphones 99,phone case 17,usb charger 19,smart watch 189,keyboard 69,webcam 55,power bank 35,loudspeaker 119,hdmi cable 9,router 85",
    ),
    kinds: words("wireless,noise cancelling,fast,portable,mechanical,travel"),
  },
  {
    name: "Fashion",
    prefix: "FA",
    share: 15,
    season: { peak: 105, strength: 0.2 },
    wares: wares(
      "rain jacket 79,jeans 69,sneakers 85,wool socks 12,linen shirt 45,belt 29,scarf 24,summer dress 55,cardigan 59,beanie 18",
    ),
    kinds: words("organic,black,navy,slim fit,merino,striped"),
  },
  {
    name: "Toys",
    prefix: "TO",
    share: 9,
    season: { peak: 345, strength: 0.5 },
    wares: wares(
      "puzzle 15,building blocks 35,board game 29,toy train 45,doll house 79,kite 19,plush bear 22,card game 11,model car 16,science kit 32",
    ),
    kinds: words("wooden,junior,1000 piece,magnetic,giant,travel"),
  },
  {
    name: "Beauty",
    prefix: "BE",
    share: 12,
    season: { peak: 45, strength: 0.08 },
    wares: wares(
      "hand cream 6,shampoo 8,face mask 5,lip balm 4,sun cream 12,perfume 59,bath salts 11,body lotion 10,hair brush 15,soap 4",
    ),
    kinds: words("lavender,sensitive,vegan,aloe,mint,gentle"),
  },
];

export const brands = words("Nordwind,Alpina,Fjella,Brava,Lumo,Kestrel,Terraso,Maribel,Oakfold,Pinto,Velora,Quint");

function words(list: string): readonly string[] {
  return list.split(",");
}

/** `watering can 15,rake 17`: nouns and their usual prices. */
function wares(list: string): readonly Ware[] {
  return words(list).map((ware) => {
    const space = ware.lastIndexOf(" ");
    return { noun: ware.slice(0, space), usual: Number(ware.slice(space)) };
  });
}
