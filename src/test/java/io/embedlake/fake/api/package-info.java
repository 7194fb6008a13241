/** How each provider's servers speak: one class an API, with its routes, limits, headers and errors. */
package io.embedlake.fake.api;
