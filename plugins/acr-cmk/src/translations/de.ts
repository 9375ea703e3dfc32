import { createTranslationMessages } from '@backstage/frontend-plugin-api';
import { germanCardMessages } from './cardDe';
import { acrCmkTranslationRef } from './ref';

/** The German texts. `full` has the compiler say when one is missing. */
export default createTranslationMessages({
  ref: acrCmkTranslationRef,
  full: true,
  messages: {
    ...germanCardMessages,

    tryAgain: 'Erneut versuchen',
    cancel: 'Abbrechen',
    close: 'Schließen',
    on: 'Ein',
    off: 'Aus',
    yes: 'ja',
    no: 'nein',
    nothing: 'nichts',
    notKnown: 'Nicht bekannt',
    copy: 'Kopieren: {{name}}',
    copied: 'Kopiert',
    opensInNewTab: '(öffnet in einem neuen Tab)',
    remedy: 'Was zu tun ist: {{remedy}}',
    correlationId: 'Korrelations-ID von Azure',
    more_one: '{{count}} weitere anzeigen',
    more_other: '{{count}} weitere anzeigen',

    'picker.loading': 'Die Liste wird gelesen …',
    'picker.none': 'Nichts auf der Liste passt',
    'picker.open': 'Liste öffnen',
    'picker.close': 'Liste schließen',
    'picker.clear': 'Leeren',
    'picker.failed': 'Die Liste konnte nicht gelesen werden: {{message}}.',
    'picker.incomplete':
      'Die Liste ist nicht vollständig: Nicht alles konnte gelesen werden.',
    'picker.typeIt': 'Tippen geht auch.',

    'fields.registry': 'Registry',
    'fields.noRegistries':
      'Es gibt keine Registry zur Auswahl: Keine der Entitäten, die Sie sehen dürfen, nennt eine.',
    'fields.notEncrypted': 'ohne eigenen Schlüssel',
    'fields.automatic': 'folgt neuen Versionen',
    'fields.manual': 'bleibt bei ihrer Version',
    'fields.noVaults': 'Es gibt keinen Tresor, dessen Schlüssel wählbar sind.',
    'fields.noKeys':
      'Dieser Tresor hat keinen Schlüssel, den eine Registry benutzen kann.',

    'tab.failed':
      'Die Verschlüsselung der Registries konnte nicht gelesen werden: {{message}}',
    'tab.refreshFailed':
      'Angezeigt wird ein früherer Stand; neueres Lesen ist gescheitert: {{message}}',

    'denied.title': 'Das dürfen Sie nicht sehen',
    'denied.permission': 'Diese Berechtigung gibt den Zugang:',

    'head.refresh': 'Aktualisieren',
    'head.refreshing': 'Wird gelesen …',
    'head.refreshNamed': '{{name}} aktualisieren',
    'head.stale':
      'Der angezeigte Stand ist alt: Neueres Lesen ist gescheitert.',
    'head.openInAzure': 'Registry im Azure-Portal',

    'unreadable.rightId':
      'Die Annotation {{annotation}} nimmt die Azure-Ressourcen-ID einer Registry auf, oder mehrere durch Kommas getrennt. Eine richtige sieht so aus:',
    'unreadable.named': 'Die Entität nennt:',
    'unreadable.invalid-id.message':
      'Was in der Annotation steht, ist nicht die ID einer Registry.',
    'unreadable.out-of-scope.message':
      'Dieses Portal ist für das Abonnement oder die Ressourcengruppe dieser Registry nicht eingerichtet.',
    'unreadable.not-found.message': 'Azure kennt keine Registry mit dieser ID.',
    'unreadable.denied.message':
      'Azure lässt die Identität dieses Portals die Registry nicht lesen.',
    'unreadable.unavailable.message': 'Azure antwortet zurzeit nicht.',

    'revoked.by': 'Entzogen von',
    'revoked.why': '„{{reason}}“.',
    'revoked.restores': 'Von selbst wiederhergestellt',
    'revoked.show': 'Die Operation zeigen',

    'glance.title': 'Auf einen Blick',
    'glance.isNewest': 'die neueste',
    'glance.newestIs': 'neueste: {{version}}',
    'glance.newestUnknown': 'die neueste ist nicht bekannt',
    'glance.newVersions': 'Neuen Versionen',
    'glance.mode.automatic': 'wird gefolgt',
    'glance.mode.manual': 'wird nicht gefolgt',
    'glance.rotated': 'zuletzt rotiert',
    'glance.neverRotated': 'noch nie rotiert',
    'glance.reachedAs': 'Schlüssel wird erreicht als',
    'glance.noneKnown': 'Zugang nicht bekannt',
    'glance.paths_one': '{{count}} Zugangsweg',
    'glance.paths_other': '{{count}} Zugangswege',
    'glance.usedBy': 'Schlüssel wird verwendet von',

    'findings.mend.rotate': 'Plan zur Abhilfe zeigen',
    'findings.mend.revoke': 'Plan zum Entziehen zeigen',
    'findings.mend.restore': 'Plan zum Wiederherstellen zeigen',
    'findings.mend.retire': 'Plan zum Stilllegen zeigen',
    'findings.title_one': '{{count}} Befund',
    'findings.title_other': '{{count}} Befunde',
    'findings.info': 'Hinweis',
    'findings.warning': 'Warnung',
    'findings.error': 'Problem',
    'findings.undecided': 'Konnte nicht geprüft werden',

    'key.title': 'Schlüssel',
    'key.none':
      'Die Registry hat keinen eigenen Schlüssel. Er kann nur beim Anlegen einer Registry vergeben werden.',
    'key.uri': 'Schlüssel-URI',
    'key.openInAzure': 'Schlüssel im Azure-Portal',
    'key.mode': 'Versionen',
    'key.inUse': 'Verwendete Version',
    'key.latest': 'Neueste Version',
    'key.lastRotation': 'Letzte Rotation',
    'key.neverRotated': 'Noch nie',
    'key.version': 'Version',
    'key.created': 'angelegt',
    'key.expires': 'läuft ab',
    'key.neverExpires': 'Läuft nicht ab',
    'key.disabled': 'deaktiviert',
    'key.type': 'Art',
    'key.bits': '{{size}} Bit',
    'key.byPolicy':
      'der Tresor legt nach seiner Rotationsrichtlinie neue Versionen an',
    'key.notByPolicy': 'keine Rotationsrichtlinie im Tresor',

    'mode.automatic': 'Folgt neuen Versionen, innerhalb etwa einer Stunde',
    'mode.manual': 'Bleibt auf Version {{version}}, bis das geändert wird',

    'identity.title': 'Zugang zum Schlüssel',
    'identity.name': 'Identität',
    'identity.system': 'die eigene der Registry (systemseitig zugewiesen)',
    'identity.user-assigned': 'benutzerseitig zugewiesen',
    'identity.attached': 'Mit der Registry verbunden',
    'identity.detached': 'Nicht mit der Registry verbunden',
    'identity.resourceId': 'Ressourcen-ID',
    'identity.clientId': 'Client-ID',
    'identity.principalId': 'Prinzipal-ID',

    'access.title': 'Zugangsweg',
    'access.none': 'Kein Zugangsweg',
    'access.direct': 'der Identität selbst erteilt',
    'access.inherited': 'geerbt',

    'binding.title': 'Bindung an diese Entität',
    'binding.proven': 'Nachgewiesen',
    'binding.unproven': 'Nicht nachgewiesen',

    'vault.title': 'Tresor',
    'vault.name': 'Name',
    'vault.openInAzure': 'Tresor im Azure-Portal',
    'vault.permissionModel': 'Berechtigungsmodell',
    'vault.rbac': 'Rollenzuweisungen',
    'vault.access-policy': 'Zugriffsrichtlinien',
    'vault.purgeProtection': 'Löschschutz',
    'vault.softDelete_one':
      'Gelöschte Schlüssel sind {{count}} Tag lang wiederherstellbar',
    'vault.softDelete_other':
      'Gelöschte Schlüssel sind {{count}} Tage lang wiederherstellbar',
    'vault.firewall': 'Firewall',
    'vault.open': 'Offen für alle Netze',
    'vault.trusted-services':
      'Geschlossen, aber vertrauenswürdige Azure-Dienste dürfen hindurch',
    'vault.closed': 'Geschlossen, auch für vertrauenswürdige Azure-Dienste',

    'timeline.title': 'Versionen im Lauf der Zeit',
    'timeline.asTable': 'Versionen als Tabelle anzeigen',
    'timeline.count_one': 'Der Schlüssel hat {{count}} Version.',
    'timeline.count_other': 'Der Schlüssel hat {{count}} Versionen.',
    'timeline.uses': '{{registry}} verwendet {{version}} vom {{date}}.',
    'timeline.latest': 'Die neueste ist {{version}} vom {{date}}.',
    'timeline.newer_zero': 'Es gibt keine neuere.',
    'timeline.newer_one': '{{count}} ist neuer als die verwendete.',
    'timeline.newer_other': '{{count}} sind neuer als die verwendete.',
    'timeline.newest': 'neueste {{version}}',
    'timeline.now': 'jetzt',
    'timeline.others_one': '{{count}} andere Registry',
    'timeline.others_other': '{{count}} andere Registries',
    'timeline.status': 'Status',
    'timeline.created': 'Angelegt',
    'timeline.expires': 'Läuft ab',
    'timeline.usedBy': 'Verwendet von',
    'timeline.isNewest': 'neueste',
    'timeline.is.enabled': 'Aktiv',
    'timeline.is.disabled': 'Deaktiviert',
    'timeline.is.expired': 'Abgelaufen',
    'timeline.is.not-yet': 'Noch nicht gültig',

    'consumers.title': 'Wer diesen Schlüssel verwendet',
    'consumers.inVault': 'im Tresor {{vault}}',
    'consumers.registries_one': '{{count}} Registry',
    'consumers.registries_other': '{{count}} Registries',
    'consumers.entities_zero': 'Keine Entität',
    'consumers.entities_one': '{{count}} Entität',
    'consumers.entities_other': '{{count}} Entitäten',
    'consumers.owners_zero': 'kein Eigentümer',
    'consumers.owners_one': '{{count}} Eigentümer',
    'consumers.owners_other': '{{count}} Eigentümer',
    'consumers.self': 'diese',
    'consumers.ownedBy': 'gehört',
    'consumers.hidden_one': '{{count}} Entität, die Sie nicht sehen dürfen',
    'consumers.hidden_other': '{{count}} Entitäten, die Sie nicht sehen dürfen',
    'consumers.outside': 'Nicht im Katalog',
    'consumers.outsideCount_one': '{{count}} Registry außerhalb des Katalogs',
    'consumers.outsideCount_other':
      '{{count}} Registries außerhalb des Katalogs',
    'consumers.filter': 'Filter',
    'consumers.noMatch': 'Nichts passt zum Filter.',

    'actions.danger': 'Gefahrenbereich',
    'actions.rotate.button': 'Rotieren',
    'actions.rotate.short': 'Den Schlüssel rotieren',
    'actions.rotate.what':
      'Der Registry eine neue Version, einen anderen Schlüssel oder einen anderen Weg zu ihm geben.',
    'actions.rotate.title': 'Den Schlüssel von {{registry}} rotieren',
    'actions.rotate.confirm': 'Schlüssel rotieren',
    'actions.revoke.button': 'Entziehen',
    'actions.revoke.short': 'Den Schlüssel entziehen',
    'actions.revoke.what':
      'Der Registry den Zugang zu ihrem Schlüssel nehmen. Jeder Pull und Push scheitert, bis er wiederhergestellt ist.',
    'actions.revoke.title': 'Den Schlüssel von {{registry}} entziehen',
    'actions.revoke.confirm': 'Zugang entziehen',
    'actions.restore.button': 'Wiederherstellen',
    'actions.restore.short': 'Den Zugang wiederherstellen',
    'actions.restore.what':
      'Der Registry den Zugang zu ihrem Schlüssel zurückgeben, den sie verloren hat.',
    'actions.restore.title': 'Den Schlüssel von {{registry}} wiederherstellen',
    'actions.restore.confirm': 'Zugang wiederherstellen',
    'actions.retire.button': 'Stilllegen',
    'actions.retire.short': 'Eine alte Version stilllegen',
    'actions.retire.what':
      'Eine Version des Schlüssels deaktivieren, die keine Registry mehr verwendet.',
    'actions.retire.title':
      'Eine Version des Schlüssels von {{registry}} stilllegen',
    'actions.retire.confirm': 'Version stilllegen',

    'rotate.question': 'Was soll sich ändern?',
    'rotate.new-version.title': 'Eine neue Version des Schlüssels',
    'rotate.new-version.detail':
      'Derselbe Schlüssel, frisch gemacht. Die übliche Rotation.',
    'rotate.existing.title': 'Ein anderer Schlüssel',
    'rotate.existing.detail':
      'Einer, den es schon gibt, in diesem Vault oder einem anderen.',
    'rotate.new-key.title': 'Ein neuer Schlüssel',
    'rotate.new-key.detail':
      'Er wird erst angelegt und dann der Registry gegeben.',
    'rotate.mode.title': 'Nur den Umgang mit Versionen',
    'rotate.mode.detail':
      'Derselbe Schlüssel, dieselbe Version: neuen folgen oder bleiben.',
    'rotate.identity.title': 'Nur die Identität',
    'rotate.identity.detail':
      'Derselbe Schlüssel, als jemand anderes erreicht.',

    'modeChoice.question': 'Wenn der Schlüssel neue Versionen bekommt',
    'modeChoice.automatic':
      'Die Registry folgt ihnen, innerhalb etwa einer Stunde',
    'modeChoice.manual':
      'Die Registry bleibt auf ihrer Version, bis sie geändert wird',
    'modeChoice.asNow': 'so ist es jetzt',

    'keyChoice.title': 'Welcher Schlüssel?',
    'keyChoice.vault': 'Vault',
    'keyChoice.key': 'Schlüssel',
    'keyChoice.vaultFirst': 'Erst einen Vault wählen.',
    'keyChoice.notAVault':
      'So kann kein Vault heißen: 3 bis 24 Buchstaben, Ziffern und einzelne Bindestriche, vorn ein Buchstabe.',
    'keyChoice.purgeProtected': 'Schutz vor endgültigem Löschen',
    'keyChoice.notPurgeProtected': 'kein Schutz vor endgültigem Löschen',
    'keyChoice.uri': 'oder seine URI',
    'keyChoice.uriHelp':
      'Oben einen Schlüssel wählen oder hier seine URI einfügen. Mit einer Version bleibt die Registry auf dieser Version.',
    'keyChoice.wellFormed': 'Richtig geschrieben.',
    'keyChoice.follows':
      'Ohne Version: Die Registry wird neuen Versionen folgen.',
    'keyChoice.staysOn': 'Die Registry wird auf Version {{version}} bleiben',

    'newKey.title': 'Der neue Schlüssel',
    'newKey.name': 'Name des Schlüssels',
    'newKey.nameHelp': 'Buchstaben, Ziffern und Bindestriche, höchstens 127.',
    'newKey.type': 'Art',
    'newKey.size': 'Größe',
    'newKey.asNow': '{{now}}, wie jetzt',
    'newKey.asTheCurrent': 'wie beim jetzigen Schlüssel',

    'identityChoice.also': 'Auch die Identität ändern',
    'identityChoice.label': 'Identität, die den Schlüssel erreicht',
    'identityChoice.system':
      'die eigene der Registry (vom System zugewiesen), eingeschaltet, wenn sie aus ist',
    'identityChoice.help':
      'Aus der Liste, oder eine Ressourcen-ID, ein Name oder eine Client-ID. Sie wird an die Registry gehängt, wenn sie es noch nicht ist.',
    'grantAccess.label': 'Der Identität den Zugang geben, der ihr fehlt',
    'grantAccess.help':
      'Durch Zugriffsrichtlinie oder Rollenzuweisung, je nach Vault. Ohne das lässt fehlender Zugang die Prüfungen scheitern.',

    'method.question': 'Wie soll der Zugang genommen werden?',
    'method.access-policy': 'Die Zugriffsrichtlinie entfernen',
    'method.role-assignment': 'Die Rollenzuweisung entfernen',
    'method.disable-version': 'Die verwendete Version deaktivieren',
    'method.disable-all-versions': 'Alle Versionen deaktivieren',
    'method.delete-key': 'Den Schlüssel löschen',
    'method.recommended': 'Empfohlen',
    'method.notAvailable': 'Nicht möglich',
    'method.alsoAffects_one':
      '{{count}} andere Registry verliert ihren Schlüssel auch',
    'method.alsoAffects_other':
      '{{count}} andere Registries verlieren ihren Schlüssel auch',

    'timer.label': 'Von selbst wiederherstellen?',
    'timer.never': 'Nein, bis es jemand verlangt',
    'timer.after': 'nach {{time}}, wenn niemand es bestätigt',
    'timer.help': 'Falls Sie sich irren oder nicht erreichbar sind.',

    'retire.label': 'Version, die stillgelegt wird',
    'retire.help': 'Der Plan sagt, ob noch jemand sie verwendet.',
    'retire.usedBy': 'verwendet von {{names}}',
    'retire.unused': 'keine bekannte Registry verwendet sie',

    'decision.approve.button': 'Genehmigen',
    'decision.approve.title': 'Genehmigen: {{what}}',
    'decision.approve.what':
      'Sie stimmen genau diesem Plan zu. Hat sich seither etwas geändert, gilt er nicht mehr.',
    'decision.approve.confirm': 'Genehmigen',
    'decision.reject.button': 'Ablehnen',
    'decision.reject.title': 'Ablehnen: {{what}}',
    'decision.reject.what':
      'Die Operation endet, ohne etwas geändert zu haben.',
    'decision.reject.confirm': 'Ablehnen',
    'decision.cancel.button': 'Anhalten',
    'decision.cancel.title': 'Anhalten: {{what}}',
    'decision.cancel.what':
      'Die Operation endet vor ihrer ersten Änderung in Azure.',
    'decision.cancel.confirm': 'Operation anhalten',
    'decision.confirm.button': 'Entzogen lassen',
    'decision.confirm.title': 'Entzogen lassen: {{what}}',
    'decision.confirm.what':
      'Der Zugang wird nicht mehr von selbst zurückgegeben. Wiederherstellen tut das, wenn jemand es verlangt.',
    'decision.confirm.confirm': 'Entzogen lassen',

    'follow.question': 'Wie soll die Registry zur neuen Version kommen?',
    'follow.now': 'Sie soll die neue Version jetzt übernehmen',
    'follow.wait': 'Azure überlassen, das bis zu etwa einer Stunde braucht',

    'plan.incomplete':
      'Beantworten Sie, was gefragt ist, um zu sehen, was geschehen würde. Dadurch ändert sich nichts.',
    'plan.needsApproval': 'Eine zweite Person muss das genehmigen.',
    'plan.waits':
      'Vor dem Beginn wartet es {{time}}. Bis dahin kann es angehalten werden.',
    'plan.noChange':
      'Keines der fünf Verschlüsselungsfelder der Registry ändert sich.',
    'plan.passed_one': '{{count}} Prüfung bestanden',
    'plan.passed_other': '{{count}} Prüfungen bestanden',
    'plan.loading':
      'Es wird ermittelt, was geschehen würde. Dabei ändert sich nichts.',
    'plan.failed': 'Es gibt keinen Plan: {{message}}',
    'plan.again': 'Neuen Plan machen',
    'plan.expires': 'Dieser Plan kann angenommen werden, bis er abläuft:',
    'plan.blocked':
      'Eine Prüfung ist gescheitert, daher kann dies nicht ausgeführt werden.',
    'plan.blockedLong':
      'Eine Prüfung ist gescheitert, daher kann dieser Plan nicht ausgeführt werden. Was zu tun ist, steht bei der Prüfung.',
    'plan.beforeAfter': 'Was sich ändert',
    'plan.field': 'Feld',
    'plan.before': 'Vorher',
    'plan.after': 'Nachher',
    'plan.unchanged': 'bleibt, wie es ist',
    'plan.fields.status': 'Verschlüsselung',
    'plan.fields.keyIdentifier': 'Schlüsselkennung',
    'plan.fields.versionedKeyIdentifier': 'Verwendete Version',
    'plan.fields.identity': 'Identität',
    'plan.fields.keyRotationEnabled': 'Folgt neuen Versionen',
    'plan.checks': 'Prüfungen',
    'plan.steps': 'Schritte',
    'plan.consumers': 'Wer betroffen ist',
    'plan.inverse': 'Weg zurück',
    'plan.reversible': 'Kann rückgängig gemacht werden',
    'plan.irreversible': 'Kann nicht rückgängig gemacht werden',
    'plan.reason': 'Grund',
    'plan.reasonHelp':
      'Eine Zeile fürs Protokoll. Alle, die die Registry sehen, können sie lesen.',
    'plan.typeName': 'Zur Bestätigung {{name}} eingeben',
    'plan.typeNameHelp': 'Der Name der Registry, Buchstabe für Buchstabe.',
    'plan.unanswered':
      'Es kam keine Antwort ({{message}}). Vielleicht wurde es trotzdem angenommen; ein weiterer Druck auf den Knopf führt es nicht zweimal aus.',
    'plan.changed':
      '{{field}} war {{shown}}, als es gezeigt wurde, und ist {{now}}',

    'check.pass': 'Bestanden',
    'check.warn': 'Warnung',
    'check.fail': 'Gescheitert',
    'check.unknown': 'Nicht bekannt',

    'step.writes': 'ändert Azure',
    'step.looks': 'sieht nur nach',
    'step.pending': 'Noch zu tun',
    'step.running': 'In Arbeit',
    'step.waiting': 'Wartet',
    'step.done': 'Erledigt',
    'step.unchanged': 'War schon so',
    'step.failed': 'Gescheitert',
    'step.attempts_one': '{{count}} Versuch',
    'step.attempts_other': '{{count}} Versuche',
    'step.evidence': 'Was vorher und nachher gesehen wurde',

    'operation.loading': 'Die Operation wird gelesen',
    'operation.failedToLoad':
      'Die Operation konnte nicht gelesen werden: {{message}}',
    'operation.cutOff':
      'Zurzeit keine Neuigkeiten ({{message}}); die Operation läuft weiter. Es wird erneut versucht.',
    'operation.goesOn':
      'Angenommen. Sie läuft weiter, wenn dieser Dialog geschlossen wird, und ist im Tab zu verfolgen.',
    'operation.atWork': 'Die Operation ist in Arbeit',
    'operation.steps': 'Schritte der Operation',
    'operation.looksAgain': 'nächster Blick',
    'operation.awaits': 'Eine zweite Person muss sie genehmigen.',
    'operation.need': 'Braucht Genehmigung',
    'operation.needOpen': 'noch nicht genehmigt',
    'operation.expires': 'sie verfällt',
    'operation.begins': 'Sie beginnt',
    'operation.restores': 'Sie wird von selbst rückgängig gemacht:',
    'operation.confirmedBy': 'Entzogen gelassen von',
    'operation.approval.pending': 'Genehmigung',
    'operation.approval.approved': 'Genehmigt von',
    'operation.approval.rejected': 'Abgelehnt von',
    'operation.approval.expired': 'Verfallen',
    'operation.by': 'Verlangt von',
    'operation.reason': 'Grund',
    'operation.ended': 'Beendet',
    'operation.code': 'Code',
    'operation.id': 'Operation',
    'operation.hide': 'Weglegen',
    'operation.kind.rotate': 'Rotieren',
    'operation.kind.revoke': 'Entziehen',
    'operation.kind.restore': 'Wiederherstellen',
    'operation.kind.retire': 'Version stilllegen',
    'operation.kind.create-registry': 'Registry anlegen',
    'operation.title.rotate': 'Der Schlüssel von {{registry}} wird rotiert',
    'operation.title.revoke': 'Der Schlüssel von {{registry}} wird entzogen',
    'operation.title.restore':
      'Der Schlüssel von {{registry}} wird wiederhergestellt',
    'operation.title.retire':
      'Eine Version des Schlüssels von {{registry}} wird stillgelegt',
    'operation.title.create-registry': '{{registry}} wird angelegt',
    'operation.state.awaiting-approval': 'Wartet auf Genehmigung',
    'operation.state.queued': 'Eingereiht',
    'operation.state.running': 'Läuft',
    'operation.state.waiting': 'Wartet',
    'operation.state.succeeded': 'Gelungen',
    'operation.state.failed': 'Gescheitert',
    'operation.state.cancelled': 'Abgebrochen',
    'operation.state.rejected': 'Abgelehnt',
    'operation.state.unverified': 'Von Azure nicht bestätigt',

    'history.title': 'Operationen',
    'history.loading': 'Die Operationen werden gelesen',
    'history.failed':
      'Die Operationen konnten nicht gelesen werden: {{message}}',
    'history.none':
      'Mit diesem Schlüssel wurde von hier aus noch nichts getan.',
    'history.why': 'Grund: {{reason}}',
    'history.details': 'Einzelheiten',
  },
});
