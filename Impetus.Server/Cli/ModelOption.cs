using System.CommandLine;
using Impetus.Server.Hosting;
using Impetus.Server.Management;

namespace Impetus.Server.Cli;

/// <summary>`--model` of commands that open a model in their own process: by its id or its folder.</summary>
internal sealed class ModelOption
{
    private readonly Option<string?> _model;
    private readonly Option<string?> _home = new("--home") { Description = $"Data directory ({SettingsReader.HomeVariable}).", HelpName = "folder" };

    /// <param name="command">Gets the options.</param>
    /// <param name="required">Whether a model must be named.</param>
    public ModelOption(Command command, bool required = true)
    {
        _model = new("--model") { Description = "A model's id (org/name) or its folder.", HelpName = "id|folder", Required = required };
        command.Options.Add(_model);
        command.Options.Add(_home);
    }

    /// <summary>The folder of the model that was named, which need not hold every file of a model; null if none was.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    public string? Folder(ParseResult parsed)
    {
        if (parsed.GetValue(_model) is not { } model)
            return null;
        if (Directory.Exists(model))
            return model;
        var folders = ModelFolders.Of(SettingsReader.Read(name => name == "home" ? parsed.GetValue(_home) : null, Environment.GetEnvironmentVariable));
        return folders.Find(model) ?? throw new ModelLoadException(
            $"There is no model '{model}': it is neither installed nor a folder. Installed are: {string.Join(", ", folders.Ids)}.");
    }
}
