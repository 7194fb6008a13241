package io.embedlake.local;

import ai.djl.engine.Engine;
import io.embedlake.local.network.CallersThread;

/**
 * The only access to DJL: makes sure, before any of its classes runs, that DJL neither reports its use nor downloads anything, and that
 * libtorch computes each call on the caller's thread. Thread-safe.
 */
public final class DjlRuntime {
    private static final String ONNX = "OnnxRuntime";
    private static final String TORCH = "PyTorch";

    static {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }

    private DjlRuntime() {}

    /** Does nothing but run the static initialiser. */
    static void keepSilent() {}

    static Engine onnx() {
        return Engine.getEngine(ONNX);
    }

    /** libtorch, which is loaded when it is first asked for, and computes on the thread that asks. */
    public static Engine torch() {
        Engine engine = Engine.getEngine(TORCH);
        CallersThread.use();
        return engine;
    }
}
