// Lists plausible wrong variants of each command of overlay-network: the workshop must never accept one that a later check would refuse.
const store = 'NETDOJO_STORE=http://203.0.113.1:2379'
const etcd =
  'url=http://203.0.113.1:2379; etcd --data-dir /run/etcd --listen-client-urls $url --advertise-client-urls $url >/run/etcd.log 2>&1 & until curl -sf $url/health || ! kill -0 $!; do sleep 0.1; done'
const create = 'netdojo network create -d overlay --subnet 10.80.0.0/16 wide'
const connect = (number: number) =>
  `netdojo network connect --ip 10.80.0.1${number} wide c${number}`

export default {
  [`outside$ ${etcd}`]: ['true', etcd.replace('203.0.113.1', '127.0.0.1')],
  [`host$ ${store} ${create}`]: [
    `${store} ${create.replace('wide', 'other')}`,
    `${store} ${create.replace('10.80.', '10.81.')}`,
    create.replace('-d overlay ', ''),
    `host2$ ${store} ${create}`,
  ],
  'host$ ip netns add c1': ['ip netns add c3'],
  [`host$ ${connect(1)}`]: [
    'netdojo network connect wide c1',
    connect(1).replace('0.11', '0.21'),
    `host3$ ${store} ${connect(1)}`,
  ],
  'host2$ ip netns add c2': ['true'],
  [`host2$ ${store} ${connect(2)}`]: [connect(2), `host$ ${connect(2)}`],
  'host3$ ip netns add c3': ['true'],
  [`host3$ ${store} ${connect(3)}`]: [`host$ ${connect(3)}`, connect(3)],
  'host2$ netdojo network disconnect wide c2': ['true', 'ip netns delete c2'],
  'outside$ pkill -9 -x etcd': ['true', 'pkill -STOP -x etcd'],
} satisfies Record<string, readonly string[]>
