package io.embedlake.remote.format;

import java.util.Map;

/** A wire format with what is needed before anything is sent: how large calls become, and what its vectors depend on. Immutable. */
public interface ModelFormat extends WireFormat {
    /** How many bytes a call of some texts would have. */
    BodySize bodySize();

    /** The model and every option that changes vectors, by name, for the fingerprint; options that change the cost alone are not in it. */
    Map<String, String> vectorOptions();
}
