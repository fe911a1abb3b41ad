using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>Every model on this machine, whether it can run or not, and what is in memory.</summary>
internal static class CatalogEndpoints
{
    private static readonly Field<string> Path = Fields.Text("path", "The folder, on the server's machine: a model's own, or one of several models.", 4096, required: true);

    private static readonly Field<string> Id = Fields.Text("id", "What to call the model (org/name), if the folder holds one. Absent: as the folder says.", 257);

    private static readonly Field<bool?> Copy = Fields.Flag(
        "copy", "Whether to copy the files into the data directory, rather than to use them where they are. A folder on a network volume is copied anyway.");

    private static readonly Field<string> Added = Fields.Text("path", "The folder, as it was added.", 4096, required: true);

    private static readonly Contract Addition = new("AddModelRequest", [Path, Id, Copy]);

    private static readonly Contract Removal = new("RemoveFolderQuery", [Added]);

    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/models", ListAsync).Describe(
            "Lists every model that was found on this machine: what it is, whether it can run and if not why, and whether it fits or is in memory.",
            () => CatalogJson.Wire.CatalogList);
        routes.MapGet("/api/models/{**id}", GetAsync).Describe(
            "Describes one model. The slash in its id may be plain or %2F.", () => CatalogJson.Wire.CatalogObject);
        routes.MapPost("/api/models", AddAsync).Describe(
            "Adds the models in a folder, and answers when they can be named. A client that leaves cancels a copy.",
            () => CatalogJson.Wire.AddedModelsObject, Addition, status: StatusCodes.Status201Created);
        routes.MapDelete("/api/models/{**id}", Remove).Describe(
            "Removes a model: files in the data directory are deleted, an added folder is forgotten and stays as it is.", () => CatalogJson.Wire.RemovedModelObject);
        routes.MapDelete("/api/models", Forget).Describe(
            "Forgets a folder that was added, with all models in it. Its files stay.", () => CatalogJson.Wire.RemovedModelObject, query: Removal);
    }

    /// <summary>The id in a path. The web server decodes all of it but %2F.</summary>
    public static string IdOf(HttpContext context) =>
        ((string?)context.GetRouteValue("id") ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task ListAsync(HttpContext context)
    {
        var models = new List<CatalogObject>();
        foreach (var model in Catalog(context).All)
            models.Add(await DescribeAsync(context, model));
        await context.Response.WriteJsonAsync(new("list", models), CatalogJson.Wire.CatalogList);
    }

    private static async Task GetAsync(HttpContext context) =>
        await context.Response.WriteJsonAsync(await DescribeAsync(context, Catalog(context).Find(IdOf(context))), CatalogJson.Wire.CatalogObject);

    private static async Task<CatalogObject> DescribeAsync(HttpContext context, CatalogModel model)
    {
        var room = context.RequestServices.GetRequiredService<ModelRoom>();
        var resident = context.RequestServices.GetRequiredService<ModelHost>().Resident.FirstOrDefault(known => known.Id == model.Id);
        long? needed = await room.NeededBytesAsync(model);
        return CatalogObject.Of(model, resident, needed, needed is { } bytes ? resident?.State == ResidentState.Ready || room.Fits(bytes) : null);
    }

    private static async Task AddAsync(HttpContext context)
    {
        var (path, id, copy) = await RequestBody.ReadAsync(context, body =>
        {
            var fields = Addition.Read(body);
            return (fields.Require(Path), fields.Get(Id), fields.Get(Copy) ?? false);
        });
        var added = await context.RequestServices.GetRequiredService<ModelAddition>().AddAsync(path, id, copy, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await context.Response.WriteJsonAsync(new(added.Ids, added.Copied, added.Message), CatalogJson.Wire.AddedModelsObject);
    }

    private static Task Remove(HttpContext context)
    {
        string id = IdOf(context);
        bool deleted = context.RequestServices.GetRequiredService<ModelRemoval>().Remove(id);
        string message = deleted ? $"{id} is removed, and its files are deleted." : $"{id} is forgotten. Its files stay where they are.";
        return context.Response.WriteJsonAsync(new(id, deleted, message), CatalogJson.Wire.RemovedModelObject);
    }

    private static Task Forget(HttpContext context)
    {
        string path = QueryFields.Read(context, Removal).Require(Added);
        context.RequestServices.GetRequiredService<ModelRemoval>().Forget(path);
        return context.Response.WriteJsonAsync(new(path, false, $"{path} is forgotten. Its files stay where they are."), CatalogJson.Wire.RemovedModelObject);
    }

    private static ModelCatalog Catalog(HttpContext context) => context.RequestServices.GetRequiredService<ModelCatalog>();
}
