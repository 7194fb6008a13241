package io.embedlake.local;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The native libraries of this JVM and what they run on, for diagnosis. Stateless. */
public final class NativeLibraries {
    private static final String TOKENIZERS = "/native/lib/tokenizers.properties";

    private NativeLibraries() {}

    /** Loads libtorch and returns its version, as DJL reports it. */
    public static String libtorch() {
        return DjlRuntime.torch().getVersion();
    }

    /** Loads ONNX Runtime and returns its version, as DJL reports it. */
    public static String onnxRuntime() {
        return DjlRuntime.onnx().getVersion();
    }

    /** Loads the tokenizers and returns their version; if the class path does not state it, {@code unknown}. */
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

    /** The processor of this machine and what of it models compute with, in words. */
    public static String processor() {
        return Processor.here().toString();
    }

    /** Whether DJL may report its use to its makers: the environment has the last word. */
    public static boolean reportUse() {
        DjlRuntime.keepSilent();
        return !Utils.isOfflineMode() && !Boolean.parseBoolean(Utils.getEnvOrSystemProperty("OPT_OUT_TRACKING"));
    }
}
