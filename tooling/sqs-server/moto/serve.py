"""Runs moto's server until standard input closes.

Writes one line of JSON when it serves: its port.
"""

import json
import logging
import sys
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

logging.getLogger('werkzeug').disabled = True
server = make_server('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({'port': server.port}), flush=True)
sys.stdin.read()
