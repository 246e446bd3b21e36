import { BlockList, isIP } from 'node:net';

/** Whom an address can be reached by: this machine, this link (and what a cloud tells its machines), this network, or all. */
export type AddressScope = 'loopback' | 'link-local' | 'private' | 'public';

interface Row {
  readonly scope: AddressScope;
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

/** IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), and where clouds answer instance metadata. */
const ROWS: readonly Row[] = [
  // Connecting to "this network" reaches this machine.
  { scope: 'loopback', v4: ['127.0.0.0/8', '0.0.0.0/8'], v6: ['::1/128', '::/128'] },
  {
    scope: 'link-local',
    // Alibaba, Azure and Oracle beside the link-local range that all others use.
    v4: ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'],
    // AWS and Google.
    v6: ['fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
  },
  {
    scope: 'private',
    v4: [
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10', // carriers' NAT, RFC 6598
      '192.0.0.0/24',
      '198.18.0.0/15', // benchmarks, RFC 2544
      '224.0.0.0/4', // multicast
      '240.0.0.0/4', // reserved, and broadcast
    ],
    v6: [
      'fc00::/7', // unique local, RFC 4193
      'fec0::/10', // site-local, RFC 3879
      'ff00::/8', // multicast
      '64:ff9b:1::/48', // local NAT64, RFC 8215
      '2001::/32', // Teredo, RFC 4380: leads to whatever IPv4 address is in it
    ],
  },
];

const LISTS = ROWS.map(({ scope, v4, v6 }) => ({ scope, list: listOf(v4, v6) }));

/** @param address without brackets; what is no IP address counts as the nearest, so that nobody is led there by it */
export function scopeOf(address: string): AddressScope {
  const plain = address.replace(/%.*$/s, '');
  const family = isIP(plain);
  if (family === 0) return 'loopback';
  const type = family === 4 ? 'ipv4' : 'ipv6';
  return LISTS.find(({ list }) => list.check(plain, type))?.scope ?? 'public';
}

/** IPv4 addresses also as IPv6 has them: mapped, compatible, by NAT64 (RFC 6052) and by 6to4 (RFC 3056). */
function listOf(v4: readonly string[], v6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of v4) {
    const [network = '', bits] = subnet.split('/');
    const length = Number(bits);
    list.addSubnet(network, length, 'ipv4');
    for (const prefix of ['::ffff:', '::', '64:ff9b::']) {
      list.addSubnet(`${prefix}${network}`, 96 + length, 'ipv6');
    }
    const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
    const words = [a * 256 + b, c * 256 + d].map((word) => word.toString(16));
    list.addSubnet(`2002:${words.join(':')}::`, 16 + length, 'ipv6');
  }
  for (const subnet of v6) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), 'ipv6');
  }
  return list;
}
