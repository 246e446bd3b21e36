import type { OpusEncoder } from '@rawreel/fixtures';
import OpusScript from 'opusscript';

/** opus_defines.h */
const OPUS_SET_BITRATE = 4002;
const OPUS_SET_DTX = 4016;

/** A packet of so many bytes holds no frame that is longer than one byte: libopus has encoded nothing. */
const NOTHING_BYTES = 2;

/**
 * libopus with DTX on, sending as browsers do (webrtc/modules/audio_coding/codecs/opus): of the packets that hold nothing
 * only the first in a row.
 */
export function dtxEncoder(application: 'audio' | 'voip'): OpusEncoder {
  return ({ pcm, channels, samplesPerPacket, packets }) => {
    const { AUDIO, VOIP } = OpusScript.Application;
    const encoder = new OpusScript(48_000, channels, application === 'voip' ? VOIP : AUDIO);
    encoder.encoderCTL(OPUS_SET_DTX, 1);
    encoder.encoderCTL(OPUS_SET_BITRATE, 32_000 * channels);
    const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    const bytesPerPacket = samplesPerPacket * channels * 2;
    let isQuiet = false;
    const sent = Array.from({ length: packets }, (_, k): Uint8Array => {
      const packet = encoder.encode(
        bytes.subarray(k * bytesPerPacket, (k + 1) * bytesPerPacket),
        samplesPerPacket,
      );
      const wasQuiet = isQuiet;
      isQuiet = packet.length <= NOTHING_BYTES;
      return isQuiet && wasQuiet ? new Uint8Array(0) : packet;
    });
    encoder.delete();
    return sent;
  };
}
