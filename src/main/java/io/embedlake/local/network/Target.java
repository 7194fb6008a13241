package io.embedlake.local.network;

import io.embedlake.spi.Device;

/**
 * What a program is written for. Immutable.
 *
 * @param device where it runs
 * @param precision what it computes with
 */
public record Target(Device device, Precision precision) {
    /** The functions that say where weights go and in which type. */
    String prelude() {
        return """
                def dtype() -> int:
                  return %d

                def device() -> Device:
                  return torch.device("%s")
                """
                .formatted(precision.scalarType(), device.isGpu() ? "cuda:" + device.gpu() : "cpu");
    }

    /** The blocks with linear layers and attention. */
    String blocks() {
        return device.isGpu() || precision == Precision.FP16 ? "blocks_plain" : "blocks_onednn";
    }
}
