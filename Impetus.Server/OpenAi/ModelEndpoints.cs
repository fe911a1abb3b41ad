using Impetus.Engine;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>The models that can be named in a request.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", List).Describe("Lists the models.", () => OpenAiJson.Wire.ModelList);
        routes.MapGet("/v1/models/{**id}", Get)
            .Describe("Describes one model. The slash in its id may be plain or %2F.", () => OpenAiJson.Wire.ModelObject);
    }

    private static ListedModels Models(HttpContext context) => context.RequestServices.GetRequiredService<ListedModels>();

    private static InferenceEngine? Engine(HttpContext context) => context.RequestServices.GetRequiredService<EngineHost>().Started;

    private static Task List(HttpContext context) => context.Response.WriteJsonAsync(
        new("list", [.. Models(context).All.Select(model => ModelObject.Of(model, Engine(context)))]), OpenAiJson.Wire.ModelList);

    private static Task Get(HttpContext context)
    {
        var model = Models(context).Find(CatalogEndpoints.IdOf(context));
        return context.Response.WriteJsonAsync(ModelObject.Of(model, Engine(context)), OpenAiJson.Wire.ModelObject);
    }
}
