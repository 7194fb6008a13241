package io.embedlake.encoder;

import ai.djl.engine.Engine;

/**
 * The only door to DJL: makes sure, before any of its classes runs, that DJL neither reports its use nor downloads anything.
 * Thread-safe.
 */
final class DjlRuntime {
    private static final String ONNX = "OnnxRuntime";

    static {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
    }

    private DjlRuntime() {}

    /** Does nothing but run the static initialiser. */
    static void keepSilent() {}

    static Engine onnx() {
        return Engine.getEngine(ONNX);
    }
}
