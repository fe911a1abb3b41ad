namespace Impetus.Server.Http;

/// <summary>The description of all routes, for programs.</summary>
internal static class OpenApiEndpoints
{
    public static void MapOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/openapi.json", WriteAsync).Describe("Describes all routes in the OpenAPI format.", () => CommonJson.Wire.JsonObject);

    private static Task WriteAsync(HttpContext context)
    {
        var endpoints = context.RequestServices.GetRequiredService<EndpointDataSource>();
        return context.Response.WriteJsonAsync(OpenApiDocument.Build(endpoints), CommonJson.Wire.JsonObject);
    }
}
