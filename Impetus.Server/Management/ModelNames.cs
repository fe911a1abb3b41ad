using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>Finds the models that requests name, and says what there is where one is not. Thread safe.</summary>
internal sealed class ModelNames(IModelLoader loader)
{
    /// <summary>The chat model of the settings, which may lie where no other can be named.</summary>
    public InstalledModel? First { get; set; }

    /// <param name="id">The model's id.</param>
    /// <param name="kind">What it must be for; null: anything.</param>
    /// <exception cref="ApiException">It is not here (404), or of another kind (400).</exception>
    public InstalledModel Find(string id, ModelKind? kind)
    {
        var model = First?.Id == id ? First : loader.Find(id);
        if (model is null)
            throw new ApiException(StatusCodes.Status404NotFound, $"The model '{id}' does not exist here. {There(kind)}", "model_not_found", "model");
        Require(model, kind);
        return model;
    }

    /// <exception cref="ApiException">The model is of another kind (400).</exception>
    public void Require(InstalledModel model, ModelKind? kind)
    {
        if (kind is { } wanted && model.Kind != wanted)
            throw ApiException.Invalid("model", $"{model.Id} is {model.Kind.Name()}, not {wanted.Name()}. {There(kind)}", "model_not_supported");
    }

    /// <summary>The error of a request for a model that failed.</summary>
    public static ApiException Failed(string why) => new(StatusCodes.Status500InternalServerError, why, "model_failed", "model");

    private string There(ModelKind? kind)
    {
        string[] ids = [.. loader.Installed.Where(model => kind is null || model.Kind == kind).Select(model => model.Id)];
        return ids.Length == 0 ? "There is none." : $"There is: {string.Join(", ", ids)}.";
    }
}
