package io.embedlake.local;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What is loaded into this JVM beside Java: for diagnosis. Stateless. */
public final class NativeLibraries {
    private static final String TOKENIZERS = "/native/lib/tokenizers.properties";

    private NativeLibraries() {}

    /** Loads libtorch and tells its version as DJL knows it. */
    public static String libtorch() {
        return DjlRuntime.torch().getVersion();
    }

    /** Loads ONNX Runtime and tells its version as DJL knows it. */
    public static String onnxRuntime() {
        return DjlRuntime.onnx().getVersion();
    }

    /** Loads the tokenizers and tells their version; a class path that does not say it gives {@code unknown}. */
    public static String tokenizers() {
        DjlRuntime.keepSilent();
        LibUtils.checkStatus();
        Properties properties = new Properties();
        try (InputStream stream = LibUtils.class.getResourceAsStream(TOKENIZERS)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }

    /** Whether DJL may report its use to its makers: the environment has the last word. */
    public static boolean reportUse() {
        DjlRuntime.keepSilent();
        return !Utils.isOfflineMode() && !Boolean.parseBoolean(Utils.getEnvOrSystemProperty("OPT_OUT_TRACKING"));
    }
}
