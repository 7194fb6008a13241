/** Any API that takes JSON and gives JSON: a template for the request, a path to the vectors. */
package io.embedlake.remote.format.http;
