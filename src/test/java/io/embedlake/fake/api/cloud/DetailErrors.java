package io.embedlake.fake.api.cloud;

import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Throttled;
import java.util.Locale;

/**
 * The words of providers that say {@code {"detail": ...}}. Immutable.
 *
 * @param invalidKey what they say of a bad key
 */
record DetailErrors(String invalidKey) implements Errors {
    static Response detail(int status, String detail) {
        return Response.json(status, Json.object().put("detail", detail));
    }

    @Override
    public Response noKey() {
        return wrongKey();
    }

    @Override
    public Response wrongKey() {
        return detail(401, invalidKey);
    }

    @Override
    public Response notFound(Request request) {
        return detail(404, "Not Found");
    }

    @Override
    public Response unreadable() {
        return detail(422, "The request body is not valid JSON, or some arguments were not specified properly.");
    }

    @Override
    public Response throttled(Throttled why) {
        return detail(
                429,
                "You have exceeded the rate limit of " + why.limit().amount() + " "
                        + why.limit().unit().name().toLowerCase(Locale.ROOT) + " per "
                        + why.limit().window().toSeconds() + " s. Please slow down.");
    }

    @Override
    public Response quota() {
        return detail(402, "Your account has no balance left. Please add a payment method in the billing page.");
    }

    @Override
    public Response failure(int status) {
        return detail(status, "An unexpected error occurred on our side.");
    }
}
