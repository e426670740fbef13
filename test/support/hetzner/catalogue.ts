/** What the fake cloud sells. */
import { createHash } from 'node:crypto';

const europe = ['fsn1', 'nbg1', 'hel1'];

export const locations = [...europe, 'ash'].map((name, index) => ({
  id: index + 1,
  name,
  description: `${name} park 1`,
  country: name === 'ash' ? 'US' : 'DE',
  city: name,
  latitude: 50.5,
  longitude: 12.4,
  network_zone: name === 'ash' ? 'us-east' : 'eu-central',
}));

export const serverTypes = [
  serverType(114, 'cx23', 2, 4, 40, 0.0064, europe),
  serverType(115, 'cx33', 4, 8, 80, 0.012, europe),
  serverType(116, 'cx43', 8, 16, 160, 0.0232, europe),
  serverType(22, 'cpx11', 2, 2, 40, 0.008, ['fsn1', 'ash']),
  serverType(45, 'cax11', 2, 4, 40, 0.0071, europe, 'arm'),
];

export const systemImages = ['ubuntu-24.04', 'debian-12'];

export const pricing = {
  currency: 'EUR',
  vat_rate: '19.000000',
  image: { price_per_gb_month: amount(0.0131) },
  primary_ips: [{ type: 'ipv4', prices: locations.map(({ name }) => priceAt(name, 0.001)) }],
  server_types: serverTypes.map(({ id, name, prices }) => ({ id, name, prices })),
};

function serverType(
  id: number,
  name: string,
  cores: number,
  memory: number,
  disk: number,
  hourly: number,
  where: string[],
  architecture = 'x86',
) {
  const traffic = { included_traffic: 21990232555520, price_per_tb_traffic: amount(1.19) };
  return {
    ...{ id, name, description: name.toUpperCase(), cores, memory, disk, architecture },
    ...{ deprecated: false, storage_type: 'local', cpu_type: 'shared' },
    prices: where.map((location) => ({ ...priceAt(location, hourly), ...traffic })),
    locations: where.map((location) => ({
      id: locations.findIndex((one) => one.name === location) + 1,
      ...{ name: location, deprecation: null, recommended: true, available: true },
    })),
  };
}

function priceAt(location: string, hourly: number) {
  return { location, price_hourly: amount(hourly), price_monthly: amount(hourly * 624) };
}

function amount(gross: number) {
  return { net: (gross / 1.19).toFixed(10), gross: gross.toFixed(16) };
}

/** As OpenSSH and Hetzner have it, with MD5. */
export function fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return createHash('md5').update(blob).digest('hex').match(/../g)?.join(':') ?? '';
}
