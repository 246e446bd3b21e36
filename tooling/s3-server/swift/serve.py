"""Runs OpenStack Swift and its S3 API in one process, until standard input closes: one device, one replica, one user.

usage: serve.py REGION ACCOUNT:USER SECRET ACCOUNT:STRANGER SECRET

Writes one line of JSON when it serves: its port and its folder, which is removed at the end.
"""

import eventlet

eventlet.monkey_patch()

import json
import os
import sys
import tempfile

from eventlet import wsgi
from eventlet.hubs import trampoline
from swift.common import utils
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.ring import builder
from swift.common.wsgi import loadapp

STORES = ('account', 'container', 'object')

# Chunks of 1 MiB, or the time goes into passing chunks on: 64 KiB are the default.
STORE = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}
mount_check = false
fallocate_reserve = 0
[app:main]
use = egg:swift#{store}
disk_chunk_size = 1048576
network_chunk_size = 1048576
"""

PROXY = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors listing_formats s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
object_chunk_size = 1048576
client_chunk_size = 1048576
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = {region}
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_{owner} = {owner_secret} .admin
user_{stranger} = {stranger_secret}
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
"""


def write(path, text):
    with open(path, 'w') as file:
        file.write(text)


def write_ring(folder, store, port):
    ring = builder.RingBuilder(part_power=0, replicas=1, min_part_hours=0)
    ring.add_dev({'id': 0, 'region': 1, 'zone': 1, 'weight': 1, 'device': 'device', 'ip': '127.0.0.1', 'port': port})
    ring.rebalance()
    ring.get_ring().save(os.path.join(folder, store + '.ring.gz'))


def serve(folder, name, conf, socket):
    path = os.path.join(folder, name + '.conf')
    write(path, conf)
    # swift.common.wsgi.run_server would exchange the event loop, which the four services share.
    eventlet.spawn(
        wsgi.server,
        socket,
        loadapp(path),
        utils.NullLogger(),
        protocol=SwiftHttpProtocol,
        capitalize_response_headers=False,
    )


def main(region, owner, owner_secret, stranger, stranger_secret):
    with tempfile.TemporaryDirectory(prefix='rawreel-s3-') as folder:
        os.mkdir(os.path.join(folder, 'device'))
        write(os.path.join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_suffix = test\n')
        utils.set_swift_dir(folder)
        sockets = {store: eventlet.listen(('127.0.0.1', 0)) for store in STORES}
        for store in STORES:
            write_ring(folder, store, sockets[store].getsockname()[1])
            serve(folder, store, STORE.format(folder=folder, store=store), sockets[store])
        front = eventlet.listen(('127.0.0.1', 0))
        serve(folder, 'proxy', PROXY.format(
            folder=folder,
            region=region,
            owner=owner.replace(':', '_'),
            owner_secret=owner_secret,
            stranger=stranger.replace(':', '_'),
            stranger_secret=stranger_secret,
        ), front)
        print(json.dumps({'port': front.getsockname()[1], 'folder': folder}), flush=True)
        trampoline(0, read=True)


main(*sys.argv[1:])
