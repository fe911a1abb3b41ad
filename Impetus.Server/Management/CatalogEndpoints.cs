using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>Every model on this machine, whether it can run or not, and what is in memory.</summary>
internal static class CatalogEndpoints
{
    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/models", List).Describe(
            "Lists every model that was found on this machine: what it is, whether it can run and if not why, and whether it is in memory.",
            () => CatalogJson.Wire.CatalogList);
        routes.MapGet("/api/models/{**id}", Get).Describe(
            "Describes one model. The slash in its id may be plain or %2F.", () => CatalogJson.Wire.CatalogObject);
    }

    /// <summary>The id in a path. The web server decodes all of it but %2F.</summary>
    public static string IdOf(HttpContext context) =>
        ((string?)context.GetRouteValue("id") ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static Task List(HttpContext context) => context.Response.WriteJsonAsync(
        new("list", [.. Catalog(context).All.Select(model => CatalogObject.Of(model, Resident(context, model.Id)))]), CatalogJson.Wire.CatalogList);

    private static Task Get(HttpContext context)
    {
        var model = Catalog(context).Find(IdOf(context));
        return context.Response.WriteJsonAsync(CatalogObject.Of(model, Resident(context, model.Id)), CatalogJson.Wire.CatalogObject);
    }

    private static ModelCatalog Catalog(HttpContext context) => context.RequestServices.GetRequiredService<ModelCatalog>();

    private static ResidentModel? Resident(HttpContext context, string id) =>
        context.RequestServices.GetRequiredService<ModelHost>().Resident.FirstOrDefault(model => model.Id == id);
}
