import { createTranslationMessages } from '@backstage/frontend-plugin-api';
import { germanCardMessages } from './cardDe';
import { acrCmkTranslationRef } from './ref';

/** The German texts, in the words of the German Azure portal. `full`: the compiler finds a missing one. */
export default createTranslationMessages({
  ref: acrCmkTranslationRef,
  full: true,
  messages: {
    ...germanCardMessages,

    tryAgain: 'Erneut versuchen',
    cancel: 'Abbrechen',
    close: 'Schließen',
    enabled: 'Aktiviert',
    disabled: 'Deaktiviert',
    nothing: 'keine',
    unknown: 'Unbekannt',
    copy: 'Kopieren: {{name}}',
    copied: 'Kopiert',
    opensInNewTab: '(wird in neuer Registerkarte geöffnet)',
    remedy: 'Empfohlene Maßnahme: {{remedy}}',
    correlationId: 'Azure-Korrelations-ID',
    more_one: '{{count}} weiteren Eintrag anzeigen',
    more_other: '{{count}} weitere Einträge anzeigen',

    'picker.loading': 'Liste wird geladen…',
    'picker.none': 'Keine Treffer',
    'picker.open': 'Liste öffnen',
    'picker.close': 'Liste schließen',
    'picker.clear': 'Löschen',
    'picker.failed': 'Die Liste konnte nicht geladen werden: {{message}}.',
    'picker.incomplete':
      'Die Liste ist unvollständig: Einige Einträge konnten nicht gelesen werden.',
    'picker.typeIt': 'Sie können den Wert auch eingeben.',

    'fields.registry': 'Registrierung',
    'fields.noRegistries':
      'Keine Registrierungen verfügbar. Keine der für Sie sichtbaren Entitäten hat eine.',
    'fields.notEncrypted': 'kein kundenseitig verwalteter Schlüssel',
    'fields.noVaults': 'Kein Schlüsseltresor oder Managed HSM zur Auswahl.',
    'fields.noKeys':
      'Hier gibt es keinen Schlüssel, den eine Registrierung verwenden kann.',
    'fields.checking': 'Wird geprüft…',
    'fields.notChecked':
      'Die Angabe konnte nicht geprüft werden: {{message}}. Versuchen Sie es noch einmal.',
    'fields.nameUnknown':
      'Es konnte nicht ermittelt werden, ob der Name {{name}} frei ist: {{message}}. Versuchen Sie es noch einmal.',
    'fields.entityName': 'Name im Katalog',
    'fields.entityFormat':
      'Verwenden Sie 1 bis 63 Buchstaben, Ziffern, Bindestriche, Unterstriche und Punkte, mit einem Buchstaben oder einer Ziffer an beiden Enden.',
    'fields.entityFree':
      '{{entityRef}} gibt es im Katalog noch nicht, soweit für Sie sichtbar.',
    'fields.entityTaken':
      '{{entityRef}} gibt es bereits. Dieses Portal ändert keine vorhandenen Entitäten, deshalb würde nichts auf die neue Registrierung verweisen. Wählen Sie einen anderen Namen.',
    'fields.registryName': 'Name in Azure',
    'fields.registryFormat': 'Verwenden Sie 5 bis 50 Buchstaben und Ziffern.',
    'fields.registryFree': 'Der Name {{name}} ist in Azure frei.',
    'fields.registryTaken':
      'Der Name {{name}} ist in Azure vergeben. Namen von Registrierungen müssen für alle Azure-Kunden eindeutig sein. Wählen Sie einen anderen Namen.',
    'fields.groupFirst': 'Wählen Sie zuerst eine Ressourcengruppe aus.',
    'fields.keyFree': '{{home}} hat noch keinen Schlüssel {{name}}.',
    'fields.keyTaken':
      '{{home}} hat bereits einen Schlüssel {{name}}. Wählen Sie einen anderen Namen, oder verwenden Sie ihn als vorhandenen Schlüssel.',
    'fields.keyDeleted':
      'Ein gelöschter Schlüssel {{ofHome}} belegt noch den Namen {{name}}. Wählen Sie einen anderen Namen, oder stellen Sie den Schlüssel wieder her.',
    'fields.keyDeletedUntil':
      'Ein gelöschter Schlüssel {{ofHome}} belegt den Namen {{name}} bis {{until}}. Wählen Sie einen anderen Namen, oder stellen Sie den Schlüssel wieder her.',
    'fields.vaultUnsuitable.purge-protection-off':
      'Nicht geeignet: Der Löschschutz ist deaktiviert',
    'fields.vaultUnsuitable.firewall-closed':
      'Nicht geeignet: Die Firewall lässt keine Registrierung durch',
    'fields.vaultProblem.purge-protection-off':
      '{{home}} hat keinen Löschschutz: Ein gelöschter Schlüssel, und mit ihm die Images, könnte endgültig verloren gehen. Aktivieren Sie den Löschschutz, oder treffen Sie eine andere Auswahl.',
    'fields.vaultProblem.firewall-closed':
      'Die Firewall {{ofHome}} ist geschlossen, auch für vertrauenswürdige Microsoft-Dienste wie Container Registry. Lassen Sie diese zu, oder treffen Sie eine andere Auswahl.',
    'fields.vaultNotListed':
      'Es gibt {{noHome}} mit Schlüsseln, die Sie verwenden dürfen. Wählen Sie aus der Liste aus.',
    'fields.notAKey': 'Wählen Sie einen Schlüssel aus der Liste aus.',
    'fields.keyNotListed':
      '{{home}} hat keinen Schlüssel {{name}}, den Sie für eine Registrierung verwenden dürfen. Wählen Sie einen aus der Liste aus.',
    'fields.keyOff':
      'Der Schlüssel {{name}} ist deaktiviert. Wählen Sie einen anderen Schlüssel aus.',
    'fields.versionOff':
      'Die Version {{version}} kann nicht verwendet werden: Sie ist deaktiviert, abgelaufen oder nicht vorhanden. Wählen Sie eine andere Version aus.',
    'fields.manual': 'Manuell: bei Version {{version}} bleiben',
    'fields.staysOn':
      'Die Registrierung bleibt bei Version {{version}}, bis das geändert wird.',
    'fields.created': 'erstellt am {{day}}',
    'fields.expired': 'abgelaufen',
    'fields.noVersions': 'Es ist keine Version dieses Schlüssels bekannt.',
    'fields.keyFirst': 'Wählen Sie zuerst einen Schlüssel aus.',
    'fields.noIdentities':
      'Es gibt keine andere Identität, die Sie verwenden dürfen.',
    'fields.newIdentity': 'Eine neue Identität für diese Registrierung',
    'fields.newIdentityDetail':
      'Sie wird in der Ressourcengruppe der Registrierung erstellt',
    'fields.identityNotListed':
      'Es gibt keine Identität {{name}}, die Sie verwenden dürfen. Wählen Sie eine aus der Liste aus.',
    'fields.plan': 'Was geschehen wird',
    'fields.planIncomplete':
      'Beantworten Sie zuerst die Fragen vor dieser Seite.',
    'fields.planNotShown':
      'Der Plan wird noch nicht angezeigt. Warten Sie darauf, und fahren Sie dann fort.',
    'fields.planBlocked': 'Das kann nicht ausgeführt werden. {{why}}',
    'fields.planOthers_one':
      '{{count}} andere Registrierung würde ihren Schlüssel auch verlieren. Wählen Sie eine andere Methode, oder akzeptieren Sie das.',
    'fields.planOthers_other':
      '{{count}} andere Registrierungen würden ihren Schlüssel auch verlieren. Wählen Sie eine andere Methode, oder akzeptieren Sie das.',
    'fields.planCost':
      'Azure berechnet eine Premium-Registrierung für jeden Tag, an dem sie besteht, ob genutzt oder nicht.',

    'tab.failed':
      'Die Verschlüsselung der Registrierungen konnte nicht geladen werden: {{message}}',
    'tab.refreshFailed':
      'Diese Daten sind veraltet. Fehler bei der letzten Aktualisierung: {{message}}',

    'list.title_one': '{{count}} Registrierung',
    'list.title_other': '{{count}} Registrierungen',
    'list.attention_zero': 'Keine Maßnahmen erforderlich',
    'list.attention_one': '{{count}} erfordert Maßnahmen',
    'list.attention_other': '{{count}} erfordern Maßnahmen',
    'list.running': 'Vorgang wird ausgeführt',

    'installation.loading': 'Installation wird geprüft',
    'installation.failed':
      'Die Installation konnte nicht geprüft werden: {{message}}',
    'installation.ran': 'Geprüft',
    'installation.again': 'Erneut prüfen',
    'installation.running': 'Wird geprüft…',
    'installation.headline.ok': 'Alles in Ordnung',
    'installation.headline.warning_one': '{{count}} Prüfung mit Warnung',
    'installation.headline.warning_other': '{{count}} Prüfungen mit Warnung',
    'installation.headline.failed_one': '{{count}} Prüfung fehlgeschlagen',
    'installation.headline.failed_other': '{{count}} Prüfungen fehlgeschlagen',
    'installation.headline.unknown_one': '{{count}} Prüfung war nicht möglich',
    'installation.headline.unknown_other':
      '{{count}} Prüfungen waren nicht möglich',
    'installation.status.ok': 'Bestanden',
    'installation.status.warning': 'Warnung',
    'installation.status.failed': 'Fehlgeschlagen',
    'installation.status.unknown': 'Unbekannt',
    'denied.title': 'Sie haben keinen Zugriff',
    'denied.permission': 'Erforderliche Berechtigung:',

    'permissions.use': 'Verschlüsselungs-Plug-In verwenden',
    'permissions.registry-read': 'Verschlüsselung von Registrierungen lesen',
    'permissions.key-rotate': 'Schlüssel von Registrierungen rotieren',
    'permissions.key-revoke':
      'Zugriff auf Schlüssel entziehen und Versionen außer Betrieb nehmen',
    'permissions.key-restore': 'Zugriff auf Schlüssel wiederherstellen',
    'permissions.key-grant': 'Identitäten Zugriff auf Schlüssel gewähren',
    'permissions.unbound-change':
      'Schlüssel von Registrierungen ändern, die mit keiner Entität verknüpft sind',
    'permissions.registry-create': 'verschlüsselte Registrierungen erstellen',
    'permissions.operation-approve': 'Vorgänge anderer Personen genehmigen',
    'permissions.audit-read': 'Überwachungsprotokoll lesen',
    'permissions.audit-acknowledge':
      'Schaden am Überwachungsprotokoll zur Kenntnis nehmen',
    'permissions.doctor-read': 'Diagnose der Einrichtung lesen',
    'permissions.inventory-read': 'Stand des Bestands lesen',
    'permissions.inventory-sync': 'Bestand sofort abgleichen',
    'permissions.fleet-read': 'Registrierungen im gesamten Bestand lesen',

    'head.refresh': 'Aktualisieren',
    'head.refreshing': 'Wird aktualisiert…',
    'head.refreshNamed': '{{name}} aktualisieren',
    'head.lastRead': 'Zuletzt gelesen: {{state}}',
    'head.stale':
      'Diese Daten sind veraltet. Fehler bei der letzten Aktualisierung:',
    'head.openInAzure': 'Registrierung im Azure-Portal anzeigen',

    'unreadable.rightId':
      'Die Anmerkung {{annotation}} enthält die Azure-Ressourcen-ID einer Registrierung oder mehrere, durch Kommas getrennt. Beispiel:',
    'unreadable.named': 'Inhalt der Anmerkung:',
    'unreadable.invalid-id.message':
      'Die Anmerkung enthält keine gültige Registrierungs-ID.',
    'unreadable.out-of-scope.message':
      'Dieses Portal ist nicht für das Abonnement oder die Ressourcengruppe dieser Registrierung konfiguriert.',
    'unreadable.not-found.message':
      'In Azure gibt es keine Registrierung mit dieser ID.',
    'unreadable.denied.message':
      'Azure verweigert der Identität dieses Portals den Zugriff auf die Registrierung.',
    'unreadable.unavailable.message': 'Azure antwortet nicht.',

    'pulls.refusedSince': 'Pulls werden abgelehnt, zuerst gesehen',
    'pulls.answeredSince':
      'Die Registrierung lehnt Pulls nicht mehr ab, zuerst gesehen',
    'pulls.watching.refused':
      'Pulls werden getestet, bis die Registrierung sie ablehnt.',
    'pulls.watching.answered':
      'Pulls werden getestet, bis die Registrierung sie nicht mehr ablehnt.',
    'pulls.unreached.refused':
      'Am Ende des Tests hat die Registrierung Pulls noch immer nicht abgelehnt.',
    'pulls.unreached.answered':
      'Am Ende des Tests hat die Registrierung Pulls noch immer abgelehnt.',
    'pulls.last': 'Letzte Antwort: HTTP {{status}}',
    'pulls.notTried': 'Der letzte Pull konnte nicht getestet werden',
    'revoked.by': 'Entzogen von',
    'revoked.why': '„{{reason}}“.',
    'revoked.ofOther': 'Ziel des Entzugs war {{registry}}.',
    'revoked.restores': 'Automatische Wiederherstellung',
    'revoked.show': 'Vorgang anzeigen',

    'glance.title': 'Auf einen Blick',
    'glance.isLatest': 'die neueste Version',
    'glance.latestIs': 'neueste: {{version}}',
    'glance.noneEnabled': 'keine Version ist aktiviert',
    'glance.latestUnknown': 'neueste Version unbekannt',
    'glance.rotation': 'Rotation',
    'glance.mode.automatic': 'Automatisch',
    'glance.mode.manual': 'Manuell',
    'glance.whenNewVersion':
      'Automatisch, sobald der Schlüssel eine neue Version erhält',
    'glance.everyByPolicy': 'Automatisch, alle {{time}} (Rotationsrichtlinie)',
    'glance.beforeExpiryByPolicy':
      'Automatisch, {{time}} vor Ablauf (Rotationsrichtlinie)',
    'glance.byPolicy': 'Automatisch (Rotationsrichtlinie)',
    'glance.setUp': 'Automatische Rotation einrichten',
    'glance.change': 'Automatische Rotation ändern',
    'glance.rotated': 'zuletzt rotiert',
    'glance.neverRotated': 'noch nie rotiert',
    'glance.identity': 'Identität',
    'glance.accessUnknown': 'Zugriff unbekannt',
    'glance.paths_one': '{{count}} Zugriffspfad',
    'glance.paths_other': '{{count}} Zugriffspfade',
    'glance.usedBy': 'Schlüssel verwendet von',

    'findings.review.rotate': 'Lösung überprüfen',
    'findings.review.revoke': 'Entzug überprüfen',
    'findings.review.restore': 'Wiederherstellung überprüfen',
    'findings.review.automatic-rotation': 'Automatische Rotation einrichten',
    'findings.review.retire': 'Außerbetriebnahme überprüfen',
    'findings.more': 'Mehr dazu',
    'findings.reviewPlan': 'Plan überprüfen',
    'findings.title_one': '{{count}} Ergebnis',
    'findings.title_other': '{{count}} Ergebnisse',
    'findings.notes_one': '{{count}} Hinweis',
    'findings.notes_other': '{{count}} Hinweise',
    'findings.info': 'Hinweis',
    'findings.warning': 'Warnung',
    'findings.error': 'Problem',
    'findings.undecided': 'Konnte nicht geprüft werden',

    'key.title': 'Schlüssel',
    'key.none':
      'Die Registrierung hat keinen kundenseitig verwalteten Schlüssel. Er kann nur beim Erstellen einer Registrierung festgelegt werden.',
    'key.uri': 'Schlüssel-URI',
    'key.openInAzure': 'Schlüssel im Azure-Portal anzeigen',
    'key.mode': 'Versionsmodus',
    'key.inUse': 'Verwendete Version',
    'key.latest': 'Neueste Version',
    'key.lastRotation': 'Letzte Rotation',
    'key.neverRotated': 'Nie',
    'key.version': 'Version',
    'key.created': 'erstellt am',
    'key.expires': 'läuft ab am',
    'key.neverExpires': 'Läuft nicht ab',
    'key.disabled': 'deaktiviert',
    'key.type': 'Typ',
    'key.typeNotShown':
      'nicht angezeigt: Ein Managed HSM zeigt den Typ nur bei aktivierten Versionen',
    'key.bits': '{{size}} Bit',
    'key.policy': 'Rotationsrichtlinie',
    'key.byPolicy': 'Neue Versionen werden automatisch erstellt',
    'key.notByPolicy': 'Keine: Es werden keine neuen Versionen erstellt',

    'mode.automatic':
      'Automatisch: verwendet neue Versionen innerhalb von etwa einer Stunde',
    'mode.manual': 'Manuell: bleibt bei Version {{version}} bis zur Änderung',

    'identity.title': 'Zugriff auf den Schlüssel',
    'identity.name': 'Identität',
    'identity.system': 'systemseitig zugewiesen',
    'identity.user-assigned': 'benutzerseitig zugewiesen',
    'identity.attached': 'Der Registrierung zugewiesen',
    'identity.detached': 'Der Registrierung nicht zugewiesen',
    'identity.resourceId': 'Ressourcen-ID',
    'identity.clientId': 'Client-ID',
    'identity.principalId': 'Prinzipal-ID',

    'access.title': 'Zugriffspfad',
    'access.none': 'Kein Zugriffspfad',
    'access.noneOfOwn': 'Kein eigener; eine Gruppe kann Zugriff gewähren',
    'access.direct': 'der Identität direkt gewährt',
    'access.inherited': 'geerbt',

    'binding.title': 'Verknüpfung mit dieser Entität',
    'binding.proven': 'Bestätigt',
    'binding.unproven': 'Nicht bestätigt',

    'home.vault.title': 'Schlüsseltresor',
    'home.vault.openInAzure': 'Schlüsseltresor im Azure-Portal anzeigen',
    'home.vault.named': 'Der Schlüsseltresor {{name}}',
    'home.vault.of': 'des Schlüsseltresors {{name}}',
    'home.vault.in': 'im Schlüsseltresor {{name}}',
    'home.vault.no': 'keinen Schlüsseltresor {{name}}',
    'home.hsm.title': 'Managed HSM',
    'home.hsm.openInAzure': 'Managed HSM im Azure-Portal anzeigen',
    'home.hsm.named': 'Das Managed HSM {{name}}',
    'home.hsm.of': 'des Managed HSM {{name}}',
    'home.hsm.in': 'im Managed HSM {{name}}',
    'home.hsm.no': 'kein Managed HSM {{name}}',

    'vault.name': 'Name',
    'vault.permissionModel': 'Berechtigungsmodell',
    'vault.rbac': 'Rollenbasierte Zugriffssteuerung in Azure',
    'vault.hsm-rbac': 'Lokale rollenbasierte Zugriffssteuerung des Managed HSM',
    'vault.access-policy': 'Tresorzugriffsrichtlinie',
    'vault.purgeProtection': 'Löschschutz',
    'vault.softDelete_one':
      'Gelöschte Schlüssel können {{count}} Tag lang wiederhergestellt werden',
    'vault.softDelete_other':
      'Gelöschte Schlüssel können {{count}} Tage lang wiederhergestellt werden',
    'vault.firewall': 'Firewall',
    'vault.open': 'Lässt alle Netzwerke zu',
    'vault.trusted-services': 'Aktiv, lässt vertrauenswürdige Azure-Dienste zu',
    'vault.closed': 'Aktiv, blockiert vertrauenswürdige Azure-Dienste',

    'timeline.title': 'Versionen im Zeitverlauf',
    'timeline.asTable': 'Versionen als Tabelle anzeigen',
    'timeline.count_one': 'Der Schlüssel hat {{count}} Version.',
    'timeline.count_other': 'Der Schlüssel hat {{count}} Versionen.',
    'timeline.uses': '{{registry}} verwendet {{version}} vom {{date}}.',
    'timeline.latestIs': 'Die neueste ist {{version}} vom {{date}}.',
    'timeline.newer_zero': 'Es gibt keine neuere Version.',
    'timeline.newer_one': '{{count}} Version ist neuer als die verwendete.',
    'timeline.newer_other':
      '{{count}} Versionen sind neuer als die verwendete.',
    'timeline.latest': 'neueste {{version}}',
    'timeline.now': 'jetzt',
    'timeline.others_one': '{{count}} andere Registrierung',
    'timeline.others_other': '{{count}} andere Registrierungen',
    'timeline.status': 'Status',
    'timeline.created': 'Erstellt',
    'timeline.expires': 'Ablauf',
    'timeline.usedBy': 'Verwendet von',
    'timeline.isLatest': 'neueste',
    'timeline.use': 'Diese Version verwenden',
    'timeline.useNamed': 'Version {{version}} verwenden',
    'timeline.is.enabled': 'Aktiviert',
    'timeline.is.disabled': 'Deaktiviert',
    'timeline.is.expired': 'Abgelaufen',
    'timeline.is.not-yet': 'Noch nicht aktiv',

    'affected.title': 'Registrierungen mit diesem Schlüssel',
    'affected.registries_one': '{{count}} Registrierung',
    'affected.registries_other': '{{count}} Registrierungen',
    'affected.entities_zero': 'Keine Entität',
    'affected.entities_one': '{{count}} Entität',
    'affected.entities_other': '{{count}} Entitäten',
    'affected.owners_zero': 'kein Besitzer',
    'affected.owners_one': '{{count}} Besitzer',
    'affected.owners_other': '{{count}} Besitzer',
    'affected.self': 'diese Registrierung',
    'affected.losesKey': 'Verliert ihren Schlüssel',
    'affected.ownedBy': 'Besitzer:',
    'affected.hidden_one': '{{count}} für Sie nicht sichtbare Entität',
    'affected.hidden_other': '{{count}} für Sie nicht sichtbare Entitäten',
    'affected.outside': 'Nicht im Katalog',
    'affected.incomplete':
      'Es kann weitere geben: Nicht jedes Abonnement wurde vollständig gelesen.',
    'affected.outsideCount_one': '{{count}} Registrierung nicht im Katalog',
    'affected.outsideCount_other': '{{count}} Registrierungen nicht im Katalog',
    'affected.filter': 'Filtern',
    'affected.none': 'Es sind keine vorhandenen Registrierungen betroffen.',
    'affected.noMatch': 'Keine Registrierung entspricht dem Filter.',

    'actions.danger': 'Gefahrenzone',
    'actions.denied':
      'Sie haben keine Berechtigung für Änderungen, durch die diese Registrierung ausfallen kann. Es fehlt:',
    'actions.rotate.button': 'Rotieren',
    'actions.rotate.short': 'Schlüssel rotieren',
    'actions.rotate.what':
      'Neue Version erstellen oder Schlüssel, Versionsmodus oder Identität ändern.',
    'actions.rotate.title': 'Schlüssel von {{registry}} rotieren',
    'actions.rotate.confirm': 'Schlüssel rotieren',
    'actions.automatic-rotation.button': 'Automatische Rotation',
    'actions.automatic-rotation.short': 'Automatische Rotation',
    'actions.automatic-rotation.what':
      'Neue Versionen des Schlüssels werden nach seiner Rotationsrichtlinie erstellt, und die Registrierung übernimmt sie.',
    'actions.automatic-rotation.title':
      'Automatische Rotation von {{registry}}',
    'actions.revoke.button': 'Entziehen',
    'actions.revoke.short': 'Zugriff entziehen',
    'actions.revoke.what':
      'Die Registrierung verliert den Zugriff auf ihren Schlüssel. Jeder Pull und Push schlägt fehl, bis der Zugriff wiederhergestellt ist.',
    'actions.revoke.title':
      'Zugriff auf den Schlüssel von {{registry}} entziehen',
    'actions.revoke.confirm': 'Zugriff entziehen',
    'actions.restore.button': 'Wiederherstellen',
    'actions.restore.short': 'Zugriff wiederherstellen',
    'actions.restore.what':
      'Gibt der Registrierung den verlorenen Zugriff auf ihren Schlüssel zurück.',
    'actions.restore.title':
      'Zugriff auf den Schlüssel von {{registry}} wiederherstellen',
    'actions.restore.confirm': 'Zugriff wiederherstellen',
    'actions.retire.button': 'Außer Betrieb nehmen',
    'actions.retire.short': 'Version außer Betrieb nehmen',
    'actions.retire.what':
      'Deaktiviert eine Version des Schlüssels, die keine Registrierung mehr verwendet.',
    'actions.retire.title':
      'Version des Schlüssels von {{registry}} außer Betrieb nehmen',
    'actions.retire.confirm': 'Version außer Betrieb nehmen',

    'rotate.question': 'Was möchten Sie ändern?',
    'rotate.new-version.title': 'Neue Version des Schlüssels',
    'rotate.new-version.detail':
      'Eine neue Version desselben Schlüssels wird erstellt.',
    'rotate.new-version.confirm': 'Schlüssel rotieren',
    'rotate.existing.title': 'Anderer Schlüssel oder andere Version',
    'rotate.existing.detail':
      'Die Registrierung verwendet einen anderen vorhandenen Schlüssel aus einem beliebigen Schlüsseltresor oder Managed HSM oder eine andere Version dieses Schlüssels.',
    'rotate.existing.confirm': 'Schlüssel ändern',
    'rotate.other-version.confirm': 'Version ändern',
    'rotate.new-key.title': 'Neuer Schlüssel',
    'rotate.new-key.detail':
      'Ein Schlüssel wird erstellt, den die Registrierung dann verwendet.',
    'rotate.new-key.confirm': 'Schlüssel erstellen und verwenden',
    'rotate.mode.title': 'Nur Versionsmodus',
    'rotate.mode.detail':
      'Derselbe Schlüssel: neuen Versionen folgen oder bei einer bleiben.',
    'rotate.mode.confirm': 'Modus ändern',
    'rotate.identity.title': 'Nur Identität',
    'rotate.identity.detail':
      'Die Registrierung verwendet denselben Schlüssel mit einer anderen Identität.',
    'rotate.identity.confirm': 'Identität ändern',

    'modeChoice.question': 'Versionsmodus',
    'modeChoice.automatic':
      'Automatisch: neue Versionen innerhalb von etwa einer Stunde verwenden',
    'modeChoice.manual': 'Manuell: bis zur Änderung bei einer Version bleiben',
    'modeChoice.asNow': 'aktuell',

    'keyChoice.title': 'Schlüssel auswählen',
    'keyChoice.vault': 'Schlüsseltresor',
    'keyChoice.vaultOrHsm': 'Schlüsseltresor oder HSM',
    'keyChoice.key': 'Schlüssel',
    'keyChoice.vaultFirst': 'Wählen Sie zuerst aus, wo der Schlüssel liegt.',
    'keyChoice.notAVault':
      'Der Name eines Schlüsseltresors hat 3 bis 24 Buchstaben, Ziffern und einzelne Bindestriche und beginnt mit einem Buchstaben.',
    'keyChoice.purgeProtected': 'Löschschutz',
    'keyChoice.notPurgeProtected': 'kein Löschschutz',
    'keyChoice.uri': 'Schlüssel-URI',
    'keyChoice.uriHelp':
      'Wählen Sie oben einen Schlüssel aus, oder fügen Sie seinen URI ein. Enthält der URI eine Version, ist der Versionsmodus manuell.',
    'keyChoice.wellFormed': 'Gültig.',
    'keyChoice.follows':
      'Automatisch: Die Registrierung wird neue Versionen verwenden.',
    'keyChoice.staysOn':
      'Manuell: Die Registrierung wird bei Version {{version}} bleiben',

    'rotation.question': 'Automatische Rotation',
    'rotation.on.title': 'Ein',
    'rotation.on.detail':
      'Der Schlüssel rotiert nach seiner Richtlinie, und die Registrierung übernimmt die neuen Versionen.',
    'rotation.on.confirm': 'Automatische Rotation einrichten',
    'rotation.off.title': 'Aus',
    'rotation.off.detail':
      'Nach der Richtlinie werden keine neuen Versionen mehr erstellt. Der Versionsmodus der Registrierung bleibt unverändert.',
    'rotation.off.confirm': 'Automatische Rotation ausschalten',
    'rotation.as-before.title': 'Wie zuvor',
    'rotation.as-before.detail':
      'Macht die letzte Änderung aus diesem Portal rückgängig: die frühere Richtlinie und der frühere Schlüsselbezeichner.',
    'rotation.as-before.confirm': 'Änderung rückgängig machen',
    'rotation.days': 'Tage',
    'rotation.trigger.label': 'Neue Version',
    'rotation.trigger.timeAfterCreate':
      'Tage nach Erstellung der neuesten Version',
    'rotation.trigger.timeBeforeExpiry': 'Tage vor Ablauf der neuesten Version',
    'rotation.expiry.label': 'Neue Versionen laufen ab',
    'rotation.expiry.never': 'Nie',
    'rotation.expiry.after': 'Nach {{time}}',
    'rotation.expiry.help':
      'Ohne Ablaufdatum funktioniert die Registrierung weiter, wenn eine Rotation fehlschlägt. Wenn eine Richtlinie Ihrer Organisation eines verlangt, wählen Sie eine deutlich längere Gültigkeit als das Rotationsintervall.',
    'rotation.notice.label': 'Benachrichtigung vor Ablauf',
    'rotation.notice.none': 'Keine',
    'rotation.notice.before': '{{time}} vorher',
    'rotation.notice.help': 'Azure sendet dann das Ereignis KeyNearExpiry.',
    'rotation.problem.days': '7 bis 3650 Tage',
    'rotation.problem.expiryNeeded':
      'Wählen Sie ein Ablaufdatum, von dem zurückgezählt wird.',
    'rotation.problem.expiryTooSoon':
      'Versionen müssen mindestens 7 Tage länger gültig sein.',

    'newKey.title': 'Neuer Schlüssel',
    'newKey.name': 'Schlüsselname',
    'newKey.nameHelp':
      'Buchstaben, Ziffern und Bindestriche, höchstens 127 Zeichen.',
    'newKey.type': 'Typ',
    'newKey.size': 'Größe',
    'newKey.asNow': '{{now}} (wie bisher)',
    'newKey.asTheCurrent': 'Wie der aktuelle Schlüssel',

    'identityChoice.also': 'Auch die Identität ändern',
    'identityChoice.label': 'Identität',
    'identityChoice.system':
      'Systemseitig zugewiesene Identität der Registrierung, wird bei Bedarf aktiviert',
    'identityChoice.help':
      'Wählen Sie eine Identität aus, oder geben Sie ihre Ressourcen-ID, ihren Namen oder ihre Client-ID ein. Sie wird der Registrierung bei Bedarf zugewiesen.',
    'grantAccess.label': 'Der Identität den fehlenden Zugriff gewähren',
    'grantAccess.help':
      'Per Zugriffsrichtlinie oder Rollenzuweisung, je nachdem, wo der Schlüssel liegt. Andernfalls schlagen die Prüfungen bei fehlendem Zugriff fehl.',

    'method.question': 'Wie möchten Sie den Zugriff entziehen?',
    'method.access-policy': 'Zugriffsrichtlinie entfernen',
    'method.role-assignment': 'Rollenzuweisung entfernen',
    'method.disable-version': 'Verwendete Version deaktivieren',
    'method.disable-all-versions': 'Alle Versionen deaktivieren',
    'method.delete-key': 'Schlüssel löschen',
    'method.recommended': 'Empfohlen',
    'method.notAvailable': 'Nicht verfügbar',
    'method.affectsNoOther':
      'Keine andere Registrierung verliert ihren Schlüssel',
    'method.alsoAffects_one':
      '{{count}} weitere Registrierung verliert ihren Schlüssel',
    'method.alsoAffects_other':
      '{{count}} weitere Registrierungen verlieren ihren Schlüssel',

    'timer.label': 'Automatisch wiederherstellen',
    'timer.never': 'Nie, nur auf Anforderung',
    'timer.after': 'Nach {{time}}, sofern niemand den Entzug beibehält',
    'timer.help':
      'Sinnvoll, falls Sie sich irren oder später nicht erreichbar sind.',

    'retire.label': 'Version für die Außerbetriebnahme',
    'retire.help': 'Der Plan prüft, ob eine Registrierung sie noch verwendet.',
    'retire.usedBy': 'verwendet von {{names}}',
    'retire.unused': 'von keiner bekannten Registrierung verwendet',

    'decision.approve.button': 'Genehmigen',
    'decision.approve.title': 'Genehmigen: {{what}}',
    'decision.approve.what':
      'Sie genehmigen genau diesen Plan. Hat sich seitdem etwas geändert, ist die Genehmigung ungültig.',
    'decision.approve.confirm': 'Genehmigen',
    'decision.reject.button': 'Ablehnen',
    'decision.reject.title': 'Ablehnen: {{what}}',
    'decision.reject.what': 'Der Vorgang endet, ohne etwas zu ändern.',
    'decision.reject.confirm': 'Ablehnen',
    'decision.cancel.button': 'Abbrechen',
    'decision.cancel.title': 'Abbrechen: {{what}}',
    'decision.cancel.what':
      'Der Vorgang endet, bevor er etwas in Azure ändert.',
    'decision.cancel.confirm': 'Vorgang abbrechen',
    'decision.confirm.button': 'Entzug beibehalten',
    'decision.confirm.title': 'Entzug beibehalten: {{what}}',
    'decision.confirm.what':
      'Der Zugriff wird nicht mehr automatisch wiederhergestellt, sondern nur auf Anforderung.',
    'decision.confirm.confirm': 'Entzug beibehalten',

    'follow.question': 'Wann soll die Registrierung wechseln?',
    'follow.now': 'Jetzt',
    'follow.wait': 'Innerhalb von etwa einer Stunde, durch Azure',

    'plan.incomplete':
      'Füllen Sie das Formular aus, um den Plan anzuzeigen. Noch wird nichts geändert.',
    'plan.needsApproval': 'Eine zweite Person muss diesen Vorgang genehmigen.',
    'plan.waits':
      'Der Vorgang wartet {{time}}, bevor er beginnt. Bis dahin können Sie ihn abbrechen.',
    'plan.noChange':
      'Die Verschlüsselungseinstellungen der Registrierung ändern sich nicht.',
    'plan.passed_one': '{{count}} Prüfung bestanden',
    'plan.passed_other': '{{count}} Prüfungen bestanden',
    'plan.loading': 'Der Plan wird erstellt. Noch wird nichts geändert.',
    'plan.failed': 'Der Plan konnte nicht erstellt werden: {{message}}',
    'plan.again': 'Neuen Plan erstellen',
    'plan.expires': 'Dieser Plan läuft ab',
    'plan.blocked':
      'Fehler bei einer Prüfung: Dieser Plan kann nicht angenommen werden.',
    'plan.blockedLong':
      'Fehler bei einer Prüfung: Dieser Plan kann nicht angenommen werden. Die empfohlene Maßnahme finden Sie unten.',
    'plan.beforeAfter': 'Änderungen',
    'plan.field': 'Einstellung',
    'plan.before': 'Vorher',
    'plan.after': 'Nachher',
    'plan.unchanged': 'keine Änderung',
    'plan.fields.status': 'Verschlüsselung',
    'plan.fields.keyIdentifier': 'Schlüssel-URI',
    'plan.fields.versionedKeyIdentifier': 'Verwendete Version',
    'plan.fields.identity': 'Identität',
    'plan.fields.keyRotationEnabled': 'Versionsmodus',
    'plan.newVersion': 'die neue Version',
    'plan.newIdentity': 'eine neue Identität',
    'plan.checks': 'Prüfungen',
    'plan.az': 'Dasselbe mit az',
    'plan.azHelp':
      'Zur Prüfung oder um es von Hand zu tun. Berechtigungen, Genehmigungen und das Protokoll dieses Portals gelten dort nicht.',
    'plan.steps': 'Schritte',
    'plan.affected': 'Betroffene Registrierungen und Teams',
    'plan.inverse': 'Rückgängig machen',
    'plan.reversible': 'Kann rückgängig gemacht werden',
    'plan.irreversible': 'Kann nicht rückgängig gemacht werden',
    'plan.reason': 'Begründung',
    'plan.reasonHelp':
      'Alle Personen mit Zugriff auf die Registrierung können sie lesen.',
    'plan.reasonLength':
      'Geben Sie eine Begründung mit {{least}} bis {{most}} Zeichen ein.',
    'plan.typeName': 'Geben Sie zur Bestätigung {{name}} ein',
    'plan.typeNameHelp': 'Der genaue Name der Registrierung.',
    'plan.unanswered':
      'Keine Antwort ({{message}}). Der Plan wurde möglicherweise trotzdem angenommen. Sie können die Schaltfläche bedenkenlos erneut auswählen.',
    'plan.changed': '{{field}}: vorher {{shown}}, jetzt {{now}}',

    'check.pass': 'Bestanden',
    'check.warn': 'Warnung',
    'check.fail': 'Fehler',
    'check.unknown': 'Unbekannt',

    'step.writes': 'ändert Azure',
    'step.reads': 'nur lesend',
    'step.pending': 'Nicht gestartet',
    'step.running': 'In Bearbeitung',
    'step.waiting': 'Wartet',
    'step.done': 'Abgeschlossen',
    'step.unchanged': 'Keine Änderung erforderlich',
    'step.failed': 'Fehler',
    'step.attempts_one': '{{count}} Versuch',
    'step.attempts_other': '{{count}} Versuche',
    'step.evidence': 'Vorher und nachher beobachtet',

    'operation.loading': 'Der Vorgang wird geladen',
    'operation.failedToLoad':
      'Der Vorgang konnte nicht geladen werden: {{message}}',
    'operation.disconnected':
      'Derzeit keine Aktualisierungen ({{message}}). Der Vorgang läuft weiter; die Verbindung wird wiederhergestellt.',
    'operation.accepted':
      'Angenommen. Sie können dieses Dialogfeld jederzeit schließen; auch die Registerkarte zeigt den Vorgang.',
    'operation.running': 'Der Vorgang wird ausgeführt',
    'operation.steps': 'Schritte des Vorgangs',
    'operation.checksAgain': 'nächste Prüfung',
    'operation.awaits': 'Eine zweite Person muss ihn genehmigen.',
    'operation.need': 'Genehmigung erforderlich',
    'operation.needOpen': 'noch nicht genehmigt',
    'operation.expires': 'läuft ab',
    'operation.begins': 'Beginnt',
    'operation.restores': 'Automatische Wiederherstellung',
    'operation.willRestore':
      'Automatische Wiederherstellung {{time}} nach dem Ende, sofern niemand den Entzug beibehält.',
    'operation.confirmedBy': 'Entzug beibehalten von',
    'operation.approval.pending': 'Genehmigung',
    'operation.approval.approved': 'Genehmigt von',
    'operation.approval.rejected': 'Abgelehnt von',
    'operation.approval.expired': 'Abgelaufen',
    'operation.by': 'Angefordert von',
    'operation.reason': 'Begründung',
    'operation.ended': 'Beendet',
    'operation.code': 'Fehlercode',
    'operation.id': 'Vorgangs-ID',
    'operation.dismiss': 'Schließen',
    'operation.ofRegistry': '{{kind}}: {{registry}}',
    'operation.kind.rotate': 'Schlüssel rotieren',
    'operation.kind.change-key': 'Schlüssel ändern',
    'operation.kind.change-version': 'Version ändern',
    'operation.kind.change-mode': 'Modus ändern',
    'operation.kind.change-identity': 'Identität ändern',
    'operation.kind.revoke': 'Zugriff entziehen',
    'operation.kind.restore': 'Zugriff wiederherstellen',
    'operation.kind.automatic-rotation': 'Automatische Rotation',
    'operation.kind.retire': 'Version außer Betrieb nehmen',
    'operation.kind.create-registry': 'Registrierung erstellen',
    'operation.title.rotate': 'Schlüssel von {{registry}} wird rotiert',
    'operation.title.change-key': 'Schlüssel von {{registry}} wird geändert',
    'operation.title.change-version':
      'Schlüsselversion von {{registry}} wird geändert',
    'operation.title.change-mode':
      'Versionsmodus von {{registry}} wird geändert',
    'operation.title.change-identity':
      'Identität von {{registry}} wird geändert',
    'operation.title.revoke':
      'Zugriff auf den Schlüssel von {{registry}} wird entzogen',
    'operation.title.restore':
      'Zugriff auf den Schlüssel von {{registry}} wird wiederhergestellt',
    'operation.title.automatic-rotation':
      'Automatische Rotation von {{registry}} wird geändert',
    'operation.title.retire':
      'Version des Schlüssels von {{registry}} wird außer Betrieb genommen',
    'operation.title.create-registry': '{{registry}} wird erstellt',
    'operation.state.awaiting-approval': 'Genehmigung ausstehend',
    'operation.state.queued': 'In Warteschlange',
    'operation.state.running': 'Wird ausgeführt',
    'operation.state.waiting': 'Wartet',
    'operation.state.succeeded': 'Erfolgreich',
    'operation.state.failed': 'Fehler',
    'operation.state.cancelled': 'Abgebrochen',
    'operation.state.rejected': 'Abgelehnt',
    'operation.state.unverified': 'Von Azure nicht bestätigt',

    'history.title': 'Vorgänge',
    'history.loading': 'Die Vorgänge werden geladen',
    'history.failed': 'Die Vorgänge konnten nicht geladen werden: {{message}}',
    'history.none': 'Keine abgeschlossenen Vorgänge.',
    'history.details': 'Details',
    'history.detailsOf': 'Details: {{what}}, {{when}}',
  },
});
